import type { Draft } from './draft.ts';
import { type Node, type ParsedModule, parseModule, walk } from './parse-module.ts';
import { providersComponent } from './providers-file.ts';

/** The one `<body>` of a root layout, around whose content the wrapper goes: the layout may stay a server component. */
export interface Body {
  kind: 'body';
  element: Extract<Node, { type: 'JSXElement' }>;
}

type Layout =
  | { file: string; module: ParsedModule; place: Body }
  | { file: string; module?: undefined; reason: string; isAbsent?: boolean };

/**
 * Finds the root layout of an app of Next.js's app router: the layout that has `<body>`, wherever below the router's folder it is.
 * Of several (route groups with a layout each) none is edited: the first that lacks the wrapper is named.
 */
export function findLayout(draft: Draft, app: { routesDir: string; language: string }): Layout {
  const layouts = draft
    .paths()
    .filter((path) => path.startsWith(`${app.routesDir}/`) && /\/layout\.[jt]sx?$/.test(path))
    .toSorted((a, b) => a.split('/').length - b.split('/').length);
  const [top] = layouts;
  if (top === undefined) {
    const file = `${app.routesDir}/layout.${app.language === 'typescript' ? 'tsx' : 'jsx'}`;
    return { file, reason: 'the app has no root layout yet', isAbsent: true };
  }
  const roots = layouts.filter((path) => textOf(draft, path).includes('<body'));
  const [file = top, ...others] = roots;
  if (others.length > 0) {
    const bare = roots.find((path) => !textOf(draft, path).includes(`<${providersComponent}`)) ?? file;
    return { file: bare, reason: `the app has several root layouts, and each of them needs it: ${roots.join(', ')}` };
  }
  const problem = draft.problem(file);
  if (problem !== undefined) return { file, reason: problem };
  const module = parseModule(file, textOf(draft, file));
  if ('fault' in module) return { file, reason: `it does not parse (${module.fault})` };
  const [element, ...more] = findBodies(module);
  if (element === undefined) return { file, reason: 'no <body> was found in the root layout' };
  if (more.length > 0) return { file, reason: 'it has several <body> elements' };
  if (!showsChildren(element)) return { file, reason: 'its <body> does not show the children of the layout' };
  return { file, module, place: { kind: 'body', element } };
}

function textOf(draft: Draft, path: string): string {
  return draft.problem(path) === undefined ? (draft.read(path) ?? '') : '';
}

function findBodies(module: ParsedModule): Body['element'][] {
  const found: Body['element'][] = [];
  walk(module.program, (node) => {
    if (node.type !== 'JSXElement') return;
    const tag = node.openingElement.name;
    if (tag.type === 'JSXIdentifier' && tag.name === 'body') found.push(node);
  });
  return found;
}

function showsChildren(element: Body['element']): boolean {
  let shown = false;
  for (const child of element.children) {
    walk(child, (node) => {
      if (node.type === 'Identifier' && node.name === 'children') shown = true;
      return !shown;
    });
  }
  return shown;
}
