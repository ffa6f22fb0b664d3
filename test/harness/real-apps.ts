import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templates, unpackTemplate } from '../../cli/demo/app-repository.ts';
import { readAppFolder } from '../../cli/read-app-folder.ts';
import type { Snapshot, SourceFile } from '../../contract/codegen.ts';
import type { ManagerKind } from '../../pipeline/manager-commands.ts';
import { snapshotOf } from './apps.ts';
import { appRouter, appRouterInJavaScript, pagesRouter, pagesRouterInJavaScript } from './next-apps.ts';

/** An app as people have it, but for its lock file and settings, which are its package manager's. */
export interface RealApp {
  manager: ManagerKind;
  appDir: string;
  /** Options by connector that this app needs. */
  options?: Readonly<Record<string, Record<string, unknown>>>;
  files(): Promise<Snapshot>;
}

const titles: Readonly<Record<ManagerKind, string>> = {
  npm: 'npm',
  pnpm: 'pnpm',
  yarn1: 'Yarn 1',
  yarn: 'Yarn 4',
  bun: 'Bun',
};
const managers: readonly ManagerKind[] = ['npm', 'pnpm', 'yarn1', 'yarn', 'bun'];

/** Taken with each package manager. */
const shapes: Readonly<Record<string, () => Promise<Snapshot>>> = {
  'Expo with App.tsx': () => fromTemplate(templates.blank),
  'Expo with App.js': () => fromTemplate(templates.javascript),
  'Expo with expo-router': () => fromTemplate(templates.router),
  'Next.js with the app router': async () => snapshotOf(appRouter('16.4.6')),
  'Next.js with the pages router': async () => snapshotOf(pagesRouter),
  'Expo with expo-router and ESLint': async () => withExpoLint(await fromTemplate(templates.router)),
  'Next.js with the pages router and ESLint': async () => withNextLint(snapshotOf(pagesRouter)),
};

/** Before version 11 pnpm writes one of several lock files where peers need each other, as ESLint's plugins do. */
const takes = (manager: ManagerKind, shape: string) => manager !== 'pnpm' || !shape.includes('ESLint');

/** More that apps of pnpm have: what Expo asked it for before SDK 54, and other versions than the default. */
const moreOfPnpm: Readonly<Record<string, () => Promise<Snapshot>>> = {
  'Expo with App.tsx, pnpm, hoisted': async () =>
    new Map([
      ...(await fromTemplate(templates.blank)),
      ...snapshotOf({ 'pnpm-workspace.yaml': 'nodeLinker: hoisted\n' }),
    ]),
  'Expo with App.tsx, pnpm 12': async () => pinned(await fromTemplate(templates.blank), 'pnpm@12.21.0'),
  'Next.js with the pages router and ESLint, pnpm 12': async () =>
    pinned(withNextLint(snapshotOf(pagesRouter)), 'pnpm@12.21.0'),
  'Next.js with the app router, pnpm 11': async () => pinned(snapshotOf(appRouter('16.4.6')), 'pnpm@11.28.10'),
};

/** More shapes, whose package manager does not matter. */
const moreOfNpm: Readonly<Record<string, () => Promise<Snapshot>>> = {
  'Next.js 15 with the app router, npm': async () => snapshotOf(appRouter('15.5.29')),
  'Next.js with the app router in JavaScript, npm': async () => snapshotOf(appRouterInJavaScript),
  'Next.js with the pages router in JavaScript, without an _app, npm': async () => snapshotOf(pagesRouterInJavaScript),
};

/** Of an SDK that is in no connector's table; its expo-sqlite has no `localStorage` yet. */
const ofAnotherSdk: RealApp = {
  manager: 'npm',
  appDir: '',
  options: { supabase: { sessionStorage: 'async-storage' } },
  files: () => fromTemplate('expo-template-blank-typescript@53.0.42'),
};

/** Real apps by name: every shape with every package manager, and more. */
export const realApps: ReadonlyMap<string, RealApp> = new Map([
  ...Object.entries(shapes).flatMap(([shape, files]) =>
    managers
      .filter((manager) => takes(manager, shape))
      .map((manager): [string, RealApp] => [`${shape}, ${titles[manager]}`, { manager, appDir: '', files }]),
  ),
  ...Object.entries(moreOfPnpm).map(([name, files]): [string, RealApp] => [
    name,
    { manager: 'pnpm', appDir: '', files },
  ]),
  ['Expo SDK 53 with App.tsx, npm', ofAnotherSdk],
  ...Object.entries(moreOfNpm).map(([name, files]): [string, RealApp] => [name, { manager: 'npm', appDir: '', files }]),
  ...managers.map((manager): [string, RealApp] => [
    `Expo in a workspace, ${titles[manager]}`,
    { manager, appDir: 'apps/mobile', files: () => inWorkspace(manager) },
  ]),
]);

async function fromTemplate(template: string): Promise<Snapshot> {
  const scratch = await mkdtemp(join(tmpdir(), 'graft-template-'));
  try {
    const { snapshot } = readAppFolder(await unpackTemplate(scratch, 'shop', template));
    // Its bytes are read when they are asked for, and the folder goes.
    return new Map([...snapshot].map(([path, { mode, bytes }]): [string, SourceFile] => [path, { mode, bytes }]));
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function pinned(app: Snapshot, packageManager: string): Snapshot {
  const manifest = textIn(app, 'package.json').replace('{', `{\n  "packageManager": "${packageManager}",`);
  return new Map([...app, ...snapshotOf({ 'package.json': manifest })]);
}

/** As `expo lint` sets it up. */
function withExpoLint(app: Snapshot): Snapshot {
  const config = "module.exports = [...require('eslint-config-expo/flat'), { ignores: ['dist/*'] }];\n";
  return withTools(app, { 'eslint-config-expo': '~57.0.2' }, { 'eslint.config.js': config });
}

/** The ESLint that comes with Next.js 16. */
function withNextLint(app: Snapshot): Snapshot {
  const config = `import next from "eslint-config-next/core-web-vitals";

const config = [...next, { ignores: [".next/**", "next-env.d.ts"] }];

export default config;
`;
  return withTools(app, { 'eslint-config-next': '16.4.6' }, { 'eslint.config.mjs': config });
}

function withTools(app: Snapshot, tools: Record<string, string>, files: Record<string, string>): Snapshot {
  const wanted = Object.entries({ eslint: '^9.39.0', ...tools }).map(([name, range]) => `\n    "${name}": "${range}",`);
  const manifest = textIn(app, 'package.json').replace('"devDependencies": {', `$&${wanted.join('')}`);
  return new Map([...app, ...snapshotOf({ 'package.json': manifest, ...files })]);
}

/** The app below `apps`, with a package of the workspace that it uses. */
async function inWorkspace(manager: ManagerKind): Promise<Snapshot> {
  const template = await fromTemplate(templates.blank);
  const words = manager === 'npm' || manager === 'yarn1' ? '*' : 'workspace:*';
  const uses = {
    'package.json': textIn(template, 'package.json').replace('"dependencies": {', `$&\n    "words": "${words}",`),
    'App.tsx': `import { hello } from 'words';\n${textIn(template, 'App.tsx').replace(/<Text>.*</, '<Text>{hello}<')}`,
  };
  const app = new Map([...template, ...snapshotOf(uses)]);
  const moved = [...app].map(([path, file]): [string, SourceFile] => [`apps/mobile/${path}`, file]);
  const members = ['apps/*', 'packages/*'];
  const root = { name: 'shops', version: '1.0.0', private: true };
  const manifest = manager === 'pnpm' ? root : { ...root, workspaces: members };
  const around = {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'packages/words/package.json': '{ "name": "words", "version": "1.0.0", "main": "index.ts" }\n',
    'packages/words/index.ts': "export const hello = 'Hello';\n",
    ...(manager === 'pnpm' && { 'pnpm-workspace.yaml': `packages: ${JSON.stringify(members)}\n` }),
  };
  return new Map([...moved, ...snapshotOf(around)]);
}

function textIn(app: Snapshot, path: string): string {
  return Buffer.from(app.get(path)?.bytes ?? []).toString('utf8');
}
