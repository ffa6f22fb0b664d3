import { type Node as JsonNode, findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import semver from 'semver';
import type { PackageManager } from '../contract/closed-sets.ts';
import type { ProjectFacts, Snapshot } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { type Draft, openDraft } from './draft.ts';
import { parseJson } from './edit-json.ts';
import { readLockedVersion } from './read-lock.ts';
import { nextRouter, readNextConfig } from './read-next.ts';
import { readSharedOperations } from './records.ts';
import { providersAnchor } from './providers-file.ts';

const lockFiles: readonly [string, PackageManager][] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

/** An app that has both is one of Expo. */
const frameworks = ['expo', 'next'] as const;

interface Manifest {
  main: string;
  dependencies: Readonly<Record<string, string>>;
}

/**
 * What a commit says about the app in `appDir`. Throws `unsupported_app` when it is no Expo or Next.js app with a readable
 * package.json, `unsupported_sdk` when its framework has no version that can be told.
 */
export function readProject(snapshot: Snapshot, appDir: string): ProjectFacts {
  const draft = openDraft(snapshot, appDir);
  const manifest = readManifest(draft, appDir);
  const framework = frameworks.find((name) => name in manifest.dependencies);
  if (framework === undefined) {
    const apps = appsBelow(snapshot, appDir);
    throw new GraftError(
      'unsupported_app',
      `package.json depends on neither expo nor next. Name the folder of an Expo or Next.js app${apps.length === 0 ? '' : `: ${apps.join(', ')}`}.`,
    );
  }
  const lock = findLock(snapshot, appDir);
  const range = manifest.dependencies[framework] ?? '';
  const locked =
    lock === undefined ? undefined : readLockedVersion(lock.path, lock.text, appDir, { name: framework, range });
  const version =
    locked ?? ([null, '*'].includes(semver.validRange(range)) ? undefined : semver.minVersion(range)?.version);
  if (version === undefined) {
    throw new GraftError(
      'unsupported_sdk',
      `The version of ${framework} is "${range}". Set a released version in package.json.`,
    );
  }
  const paths = draft.paths();
  const config = readAppConfig(draft);
  const nextConfig = framework === 'next' ? readNextConfig(draft) : undefined;
  const router = nextConfig === undefined ? expoRouter(manifest, config, paths) : nextRouter(paths, nextConfig);
  const usesSrc = paths.some((path) => /^src\/.+\.[jt]sx?$/.test(path));
  return {
    framework,
    version,
    major: semver.major(version),
    language: paths.includes('tsconfig.json') ? 'typescript' : 'javascript',
    router: router.kind,
    sourceDir: recordedSourceDir(snapshot, appDir) ?? (usesSrc ? 'src' : ''),
    routesDir: router.dir,
    serverRoutes:
      nextConfig === undefined ? router.kind === 'expo-router' && config.output === 'server' : !nextConfig.exportsFiles,
    scheme: config.scheme,
    packageManager: lock?.manager ?? 'none',
    lockFile: lock?.path ?? '',
    ...(nextConfig?.basePath === undefined ? {} : { basePath: nextConfig.basePath }),
    ...(nextConfig?.pageExtensions === undefined ? {} : { pageExtensions: nextConfig.pageExtensions }),
  };
}

/** Folders of apps below this one, which may be the root of a workspace. */
function appsBelow(snapshot: Snapshot, appDir: string): string[] {
  const above = appDir === '' ? '' : `${appDir}/`;
  const manifests = [...snapshot.keys()].filter((path) => path.startsWith(above) && path.endsWith('/package.json'));
  const folders = manifests.map((path) => path.slice(0, -'/package.json'.length)).filter((path) => path !== appDir);
  const isApp = (folder: string) => {
    const root = rootOf(openDraft(snapshot, folder), 'package.json');
    return root !== undefined && frameworks.some((name) => findNodeAtLocation(root, ['dependencies', name]));
  };
  return folders.filter(isApp).toSorted();
}

/** The root of one of the app's JSON files, undefined where it is not there or cannot be read. */
function rootOf(draft: Draft, file: string): JsonNode | undefined {
  const text = draft.problem(file) === undefined ? draft.read(file) : undefined;
  return text === undefined ? undefined : parseJson(text)?.root;
}

function readManifest(draft: Draft, appDir: string): Manifest {
  const where = appDir === '' ? 'package.json' : `${appDir}/package.json`;
  const root = rootOf(draft, 'package.json');
  if (root?.type !== 'object') {
    throw new GraftError(
      'unsupported_app',
      `${where} is missing or cannot be read. Name the folder that holds the app's package.json.`,
    );
  }
  const dependencies: Record<string, string> = {};
  for (const property of findNodeAtLocation(root, ['dependencies'])?.children ?? []) {
    const [name, range] = property.children ?? [];
    if (typeof name?.value === 'string' && typeof range?.value === 'string') dependencies[name.value] = range.value;
  }
  const main: unknown = findNodeAtLocation(root, ['main'])?.value;
  return { main: typeof main === 'string' ? main : '', dependencies };
}

interface AppConfig {
  output: string | undefined;
  scheme: string | undefined;
  routerRoot: string | undefined;
}

function readAppConfig(draft: Draft): AppConfig {
  const root = rootOf(draft, 'app.json');
  const expo = root === undefined ? undefined : (findNodeAtLocation(root, ['expo']) ?? root);
  const scheme = valueAt(expo, ['scheme']) ?? valueAt(expo, ['scheme', 0]);
  return { output: valueAt(expo, ['web', 'output']), scheme, routerRoot: routerRoot(expo) };
}

function valueAt(node: JsonNode | undefined, path: (string | number)[]): string | undefined {
  const value: unknown = node === undefined ? undefined : findNodeAtLocation(node, path)?.value;
  return typeof value === 'string' ? value : undefined;
}

function routerRoot(expo: JsonNode | undefined): string | undefined {
  const plugins = expo === undefined ? undefined : findNodeAtLocation(expo, ['plugins']);
  const entry = plugins?.children?.find((plugin) => plugin.children?.[0]?.value === 'expo-router');
  const props: unknown = entry?.children?.[1] === undefined ? undefined : getNodeValue(entry.children[1]);
  if (typeof props !== 'object' || props === null || !('root' in props) || typeof props.root !== 'string')
    return undefined;
  return props.root.replace(/^\.\//, '').replace(/\/$/, '');
}

/** expo-router looks for routes in `app`, then in `src/app`, unless its plugin names a `root`. */
function expoRouter(
  manifest: Manifest,
  config: AppConfig,
  paths: readonly string[],
): { kind: ProjectFacts['router']; dir: string } {
  if (!('expo-router' in manifest.dependencies)) return { kind: 'none', dir: '' };
  const dir = [config.routerRoot, 'app', 'src/app'].find(
    (folder) => folder !== undefined && paths.some((path) => path.startsWith(`${folder}/`)),
  );
  if (dir === undefined && !manifest.main.startsWith('expo-router')) return { kind: 'none', dir: '' };
  return { kind: 'expo-router', dir: dir ?? 'app' };
}

/** The folder of sources that the first connector went by, so that later ones do not move. */
function recordedSourceDir(snapshot: Snapshot, appDir: string): string | undefined {
  const file = readSharedOperations(snapshot, appDir).find((operation) => operation.anchor === providersAnchor)?.file;
  if (file === undefined) return undefined;
  return file.startsWith('src/') ? 'src' : '';
}

interface Lock {
  path: string;
  manager: PackageManager;
  text: string;
}

/** The nearest lock file, from the app folder up to the repository's root. */
function findLock(snapshot: Snapshot, appDir: string): Lock | undefined {
  const parts = appDir === '' ? [] : appDir.split('/');
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    for (const [name, manager] of lockFiles) {
      const path = [...parts.slice(0, depth), name].join('/');
      const file = snapshot.get(path);
      if (file === undefined) continue;
      const text = Buffer.from(file.bytes).toString('utf8');
      return { path, manager: manager === 'yarn' && text.includes('# yarn lockfile v1') ? 'yarn1' : manager, text };
    }
  }
  return undefined;
}
