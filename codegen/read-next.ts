import type { ProjectFacts } from '../contract/codegen.ts';
import type { Draft } from './draft.ts';
import { parseModule, walk } from './parse-module.ts';

const configFiles = ['next.config.ts', 'next.config.mjs', 'next.config.js', 'next.config.mts', 'next.config.cjs'];

/**
 * Which router of Next.js an app has and the folder of its routes. An app with routes in both counts as one of the app router. As
 * for Next.js itself, folders at the app's top come before those in `src`.
 */
export function nextRouter(paths: readonly string[]): { kind: ProjectFacts['router']; dir: string } {
  const holds = (dir: string, file: RegExp) =>
    paths.some((path) => path.startsWith(`${dir}/`) && file.test(path.slice(dir.length)));
  const appDir = ['app', 'src/app'].find((dir) => holds(dir, /\/(?:page|layout|route)\.[jt]sx?$/));
  if (appDir !== undefined) return { kind: 'next-app', dir: appDir };
  const pagesDir = ['pages', 'src/pages'].find((dir) => holds(dir, /\.[jt]sx?$/));
  if (pagesDir !== undefined) return { kind: 'next-pages', dir: pagesDir };
  const usesSrc = paths.some((path) => /^src\/.+\.[jt]sx?$/.test(path));
  return { kind: 'next-app', dir: usesSrc ? 'src/app' : 'app' };
}

/** Does the app run on a server, so that its API routes answer? Not when its configuration exports it as plain files. */
export function hasNextServer(draft: Draft): boolean {
  const paths = new Set(draft.paths());
  const file = configFiles.find((path) => paths.has(path));
  if (file === undefined || draft.problem(file) !== undefined) return true;
  const module = parseModule(file, draft.read(file) ?? '');
  if ('fault' in module) return true;
  let exported = false;
  walk(module.program, (node) => {
    if (node.type !== 'Property' || node.value.type !== 'Literal' || node.value.value !== 'export') return;
    const { key } = node;
    if ((key.type === 'Identifier' && key.name === 'output') || (key.type === 'Literal' && key.value === 'output'))
      exported = true;
  });
  return !exported;
}
