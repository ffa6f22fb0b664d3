import type { ProjectFacts } from '../contract/codegen.ts';
import type { Draft } from './draft.ts';
import { findImported } from './find-imported.ts';
import { type Node, type ParsedModule, parseModule, walk } from './parse-module.ts';
import { providersComponent } from './providers-file.ts';
import { endingIn, endingsOf, withoutEndingOf } from './read-next.ts';

/** The one `<body>` of a root layout, around whose content the wrapper goes: the layout may stay a server component. */
export interface Body {
  kind: 'body';
  element: Extract<Node, { type: 'JSXElement' }>;
}

type Layout =
  | { file: string; module: ParsedModule; place: Body }
  | { file: string; module?: undefined; reason: string; isAbsent?: boolean };

/** From a layout through a file that passes it on to the one that has the document. */
const mostImports = 3;

/**
 * Finds the root layout of an app of Next.js's app router: the layout that has `<body>`, wherever below the router's folder it is, or
 * a file of the app that the layouts import it from. Of several (route groups with a layout each) none is edited: the first that
 * lacks the wrapper is named.
 */
export function findLayout(draft: Draft, app: Pick<ProjectFacts, 'routesDir' | 'language' | 'pageExtensions'>): Layout {
  const endings = endingsOf(app);
  const layouts = draft
    .paths()
    .filter((path) => path.startsWith(`${app.routesDir}/`) && withoutEndingOf(path, endings)?.endsWith('/layout'))
    .toSorted((a, b) => a.split('/').length - b.split('/').length);
  const [top] = layouts;
  if (top === undefined) {
    const language = app.language === 'typescript' ? 'tsx' : 'jsx';
    const file = `${app.routesDir}/layout.${endingIn(app, language) ?? language}`;
    return { file, reason: 'the app has no root layout yet', isAbsent: true };
  }
  const roots = layouts.filter((path) => mayHaveBody(draft, path));
  const found = roots.length > 0 ? roots : findDocuments(draft, layouts);
  const [file = top, ...others] = found;
  if (others.length > 0) {
    const bare = found.find((path) => !textOf(draft, path).includes(providersComponent)) ?? file;
    return { file: bare, reason: `the app has several root layouts, and each of them needs it: ${found.join(', ')}` };
  }
  const problem = draft.problem(file);
  if (problem !== undefined) return { file, reason: problem };
  const module = parseModule(file, textOf(draft, file));
  if ('fault' in module) return { file, reason: `it does not parse (${module.fault})` };
  const bodies = findBodies(module);
  const [element, ...more] = bodies.filter(showsChildren);
  if (bodies.length === 0) return { file, reason: 'no <body> was found in the root layout' };
  if (element === undefined) return { file, reason: 'its <body> does not show the children of the layout' };
  if (more.length > 0) return { file, reason: 'it has several <body> elements' };
  return { file, module, place: { kind: 'body', element } };
}

function textOf(draft: Draft, path: string): string {
  return draft.problem(path) === undefined ? (draft.read(path) ?? '') : '';
}

/** Is there a `<body>`, or the word in a file that does not parse? */
function mayHaveBody(draft: Draft, path: string): boolean {
  const text = textOf(draft, path);
  const module = text.includes('<body') ? parseModule(path, text) : undefined;
  return module !== undefined && ('fault' in module || findBodies(module).length > 0);
}

/** The app's files with a `<body>` that layouts come to by what they import, the nearest of them. */
function findDocuments(draft: Draft, layouts: readonly string[]): string[] {
  const paths = new Set(draft.paths());
  const seen = new Set(layouts);
  let nearest = [...layouts];
  for (let left = mostImports; left > 0 && nearest.length > 0; left -= 1) {
    const next = nearest.flatMap((path) => {
      const module = parseModule(path, textOf(draft, path));
      const sources = 'fault' in module ? [] : module.program.body.flatMap(sourceOf);
      return sources.flatMap((source) => findImported(draft, paths, path, source) ?? []);
    });
    nearest = [...new Set(next)].filter((path) => !seen.has(path));
    for (const path of nearest) seen.add(path);
    const documents = nearest.filter((path) => mayHaveBody(draft, path));
    if (documents.length > 0) return documents;
  }
  return [];
}

function sourceOf(statement: Node): string[] {
  const isFrom =
    statement.type === 'ImportDeclaration' ||
    statement.type === 'ExportNamedDeclaration' ||
    statement.type === 'ExportAllDeclaration';
  return isFrom && statement.source !== null ? [statement.source.value] : [];
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
