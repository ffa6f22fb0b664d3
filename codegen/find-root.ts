import { type Component, type ComponentSearch, findComponent, findRegistered } from './find-component.ts';
import type { ProjectFacts } from '../contract/codegen.ts';
import type { Draft } from './draft.ts';
import { nodeAt, parseJson } from './edit-json.ts';
import { findImported } from './find-imported.ts';
import { type Body, findLayout } from './find-layout.ts';
import { type ParsedModule, parseModule } from './parse-module.ts';
import { endingIn, endingsOf, withoutEndingOf } from './read-next.ts';
import { resolveFile } from './specifiers.ts';

/** The place in a root to wrap and the file it is written in; or the file where the search ended, and why. */
export type Root =
  | { file: string; module: ParsedModule; place: Component | Body }
  | { file: string; module?: undefined; reason: string; isAbsent?: boolean };

const endings = ['tsx', 'jsx', 'js', 'ts'];
const mostImports = 8;

/**
 * Finds what an app renders first: the root layout of expo-router or Next.js, the `_app` of Next.js's pages, or what the entry file
 * registers, else `App`.
 */
export function findRoot(
  draft: Draft,
  app: Pick<ProjectFacts, 'router' | 'routesDir' | 'language' | 'pageExtensions'>,
): Root {
  if (app.router === 'next-app') return findLayout(draft, app);
  const paths = new Set(draft.paths());
  const ending = app.language === 'typescript' ? 'tsx' : 'jsx';
  const first = (stem: string) => endings.map((candidate) => `${stem}.${candidate}`).find((path) => paths.has(path));
  if (app.router === 'expo-router') {
    const layout = first(`${app.routesDir}/_layout`);
    if (layout === undefined)
      return { file: `${app.routesDir}/_layout.${ending}`, reason: 'the app has no root layout yet', isAbsent: true };
    return follow(draft, paths, layout, 'default');
  }
  if (app.router === 'next-pages') return findApp(draft, paths, app);
  const entry = findEntry(draft, paths);
  if (entry !== undefined) {
    const module = parse(draft, entry);
    const search = typeof module === 'string' ? undefined : findRegistered(module);
    if (typeof module !== 'string' && search !== undefined)
      return step(draft, paths, entry, module, search, mostImports);
  }
  const file = first('App') ?? first('src/App');
  if (file === undefined) return { file: `App.${ending}`, reason: "the app's root component was not found" };
  return follow(draft, paths, file, 'default');
}

/** The `_app` of the pages router: a file or a folder, with an ending that makes a route of it. */
function findApp(
  draft: Draft,
  paths: ReadonlySet<string>,
  app: Pick<ProjectFacts, 'routesDir' | 'language' | 'pageExtensions'>,
): Root {
  const stems = [`${app.routesDir}/_app`, `${app.routesDir}/_app/index`];
  const among = (endings: readonly string[]) =>
    [...paths].find((path) => stems.includes(withoutEndingOf(path, endings) ?? ''));
  const code = among(endingsOf(app).filter((ending) => /[jt]sx?$/.test(ending)));
  if (code !== undefined) return follow(draft, paths, code, 'default');
  const other = among([...endingsOf(app), 'mdx', 'md']);
  if (other !== undefined) return { file: other, reason: 'it is not written in JavaScript or TypeScript' };
  const language = app.language === 'typescript' ? 'tsx' : 'jsx';
  const ending = endingIn(app, language) ?? endingIn(app, 'js');
  if (ending !== undefined)
    return { file: `${app.routesDir}/_app.${ending}`, reason: 'the app has no _app of its own yet', isAbsent: true };
  return {
    file: `${app.routesDir}/_app.${language}`,
    reason: `the app has no _app of its own yet, and the pageExtensions of its next.config take no .${language} for one`,
  };
}

/** The file that `main` names in package.json; `expo/AppEntry` and the like stand for `App`. */
function findEntry(draft: Draft, paths: ReadonlySet<string>): string | undefined {
  const document = parseJson(draft.read('package.json') ?? '');
  const main: unknown = document === undefined ? undefined : nodeAt(document, ['main'])?.value;
  const named = typeof main === 'string' ? resolveFile('', `./${main}`, (path) => paths.has(path)) : undefined;
  return named ?? resolveFile('', './index', (path) => paths.has(path));
}

function follow(draft: Draft, paths: ReadonlySet<string>, file: string, exportName: string, left = mostImports): Root {
  const module = parse(draft, file);
  if (typeof module === 'string') return { file, reason: module };
  return step(draft, paths, file, module, findComponent(module, exportName), left);
}

function step(
  draft: Draft,
  paths: ReadonlySet<string>,
  file: string,
  module: ParsedModule,
  search: ComponentSearch,
  left: number,
): Root {
  if (search.kind === 'component') return { file, module, place: search };
  if (search.kind === 'unknown') return { file, reason: search.reason };
  const next = findImported(draft, paths, file, search.specifier);
  if (next === undefined || left === 0) return { file, reason: `its component comes from ${search.specifier}` };
  return follow(draft, paths, next, search.exportName, left - 1);
}

function parse(draft: Draft, file: string): ParsedModule | string {
  const problem = draft.problem(file);
  if (problem !== undefined) return problem;
  const module = parseModule(file, draft.read(file) ?? '');
  return 'fault' in module ? `it does not parse (${module.fault})` : module;
}
