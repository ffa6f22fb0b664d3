import type { ProjectFacts } from '../contract/codegen.ts';
import type { Draft } from './draft.ts';
import { nameOf } from './find-config-object.ts';
import { type Node, parseModule, unwrapExpression, walk } from './parse-module.ts';

/** In the order in which Next.js looks for them. */
const configFiles = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.mts'];
const usualExtensions = ['tsx', 'ts', 'jsx', 'js'];

export interface NextConfig {
  /** The app is exported as plain files, in some builds at least, so that it has no server. */
  exportsFiles: boolean;
  /** Path below which the app is served, undefined at the root. */
  basePath: string | undefined;
  /** Endings of files that are routes, undefined where they are Next.js's own. */
  pageExtensions: readonly string[] | undefined;
}

/** Reads what counts here of the configuration of Next.js, however plugins and functions wrap it; values that only a run would tell are left out. */
export function readNextConfig(draft: Draft): NextConfig {
  const config: NextConfig = { exportsFiles: false, basePath: undefined, pageExtensions: undefined };
  const paths = new Set(draft.paths());
  const file = configFiles.find((path) => paths.has(path));
  if (file === undefined || draft.problem(file) !== undefined) return config;
  const module = parseModule(file, draft.read(file) ?? '');
  if ('fault' in module) return config;
  const constants = new Map<string, Node>();
  walk(module.program, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.init !== null)
      constants.set(node.id.name, node.init);
  });
  walk(module.program, (node) => {
    const [name, value] = settingOf(node);
    if (value === undefined) return;
    if (name === 'output' && possibleTexts(value, constants).includes('export')) config.exportsFiles = true;
    if (name === 'basePath') config.basePath = onlyPathOf(possibleTexts(value, constants)) ?? config.basePath;
    if (name === 'pageExtensions') config.pageExtensions = listOf(value, constants) ?? config.pageExtensions;
  });
  return config;
}

/** A property with its value, or what is assigned to one. */
function settingOf(node: Node): [string | undefined, Node | undefined] {
  if (node.type === 'Property') return [nameOf(node.key), node.value];
  if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression')
    return [nameOf(node.left.property), node.right];
  return [undefined, undefined];
}

/** The texts that an expression may come to. */
function possibleTexts(expression: Node, constants: ReadonlyMap<string, Node>, left = 4): string[] {
  const node = unwrapExpression(expression);
  const among = (...nodes: Node[]) => nodes.flatMap((one) => possibleTexts(one, constants, left - 1));
  if (left === 0) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? node.quasis.map(({ value }) => value.raw) : [];
    case 'ConditionalExpression':
      return among(node.consequent, node.alternate);
    case 'LogicalExpression':
      return among(node.left, node.right);
    case 'Identifier': {
      const value = constants.get(node.name);
      return value === undefined ? [] : among(value);
    }
    default:
      return [];
  }
}

/** The one path that it may come to; which of several an app has is known to its build only. */
function onlyPathOf(texts: readonly string[]): string | undefined {
  const [path, ...others] = new Set(texts);
  return others.length === 0 && path !== undefined && /^(?:\/[\w.~-]+)+$/.test(path) ? path : undefined;
}

/** A list of texts, undefined when one of its elements is something else. */
function listOf(expression: Node, constants: ReadonlyMap<string, Node>): string[] | undefined {
  const node = unwrapExpression(expression);
  const list = node.type === 'Identifier' ? constants.get(node.name) : node;
  if (list?.type !== 'ArrayExpression') return undefined;
  const texts = list.elements.map((element) => (element?.type === 'Literal' ? element.value : undefined));
  return texts.every((text) => typeof text === 'string') ? texts : undefined;
}

/**
 * Which router of Next.js an app has and the folder of its routes. An app with routes in both counts as one of the app router. As
 * for Next.js itself, folders at the app's top come before those in `src`. Pages may be of MDX alone, which a plugin makes routes of.
 */
export function nextRouter(
  paths: readonly string[],
  { pageExtensions }: Pick<NextConfig, 'pageExtensions'>,
): { kind: ProjectFacts['router']; dir: string } {
  const endings = [...endingsOf({ pageExtensions }), 'mdx'];
  const stemsIn = (dir: string) =>
    paths.flatMap((path) => (path.startsWith(`${dir}/`) ? (withoutEndingOf(path, endings) ?? []) : []));
  const appDir = ['app', 'src/app'].find((dir) => stemsIn(dir).some((stem) => /\/(?:page|layout|route)$/.test(stem)));
  if (appDir !== undefined) return { kind: 'next-app', dir: appDir };
  const pagesDir = ['pages', 'src/pages'].find((dir) => stemsIn(dir).length > 0);
  if (pagesDir !== undefined) return { kind: 'next-pages', dir: pagesDir };
  const usesSrc = paths.some((path) => /^src\/.+\.[jt]sx?$/.test(path));
  return { kind: 'next-app', dir: usesSrc ? 'src/app' : 'app' };
}

/** The endings of files that are routes. */
export function endingsOf({ pageExtensions }: Pick<ProjectFacts, 'pageExtensions'>): readonly string[] {
  return pageExtensions ?? usualExtensions;
}

/** A path without the ending that makes a route of it, undefined when it has none of them. */
export function withoutEndingOf(path: string, endings: readonly string[]): string | undefined {
  const ending = endings.find((one) => path.endsWith(`.${one}`));
  return ending === undefined ? undefined : path.slice(0, -ending.length - 1);
}

/** The ending of routes that are written in this language (`ts`, `tsx`, …), undefined where Next.js is told to pass over all of them. */
export function endingIn(app: Pick<ProjectFacts, 'pageExtensions'>, language: string): string | undefined {
  const endings = endingsOf(app);
  return endings.includes(language) ? language : endings.find((ending) => ending.endsWith(`.${language}`));
}
