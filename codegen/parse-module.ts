import { type Comment, type Node, type Program, parseSync, visitorKeys } from 'oxc-parser';

export type { Node };

/** A source file and its syntax tree; offsets are in UTF-16 units. */
export interface ParsedModule {
  text: string;
  program: Program;
  comments: readonly Comment[];
}

/** Parses a module by its path's ending; what does not parse gives the parser's first complaint. */
export function parseModule(path: string, text: string): ParsedModule | { fault: string } {
  const lang = path.endsWith('.tsx') ? 'tsx' : /\.[cm]?ts$/.test(path) ? 'ts' : 'jsx';
  const result = parseSync(path, text, { lang });
  const fault = result.errors[0];
  if (fault !== undefined) return { fault: fault.message };
  const { program } = result;
  return {
    text,
    program,
    get comments() {
      return result.comments;
    },
  };
}

/** A node's children. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, key);
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

/** Visits a node and all below it, with its ancestors (nearest last, valid during the visit); `false` leaves the children out. */
export function walk(
  node: Node,
  visit: (node: Node, ancestors: readonly Node[]) => boolean | void,
  ancestors: Node[] = [],
): void {
  if (visit(node, ancestors) === false) return;
  ancestors.push(node);
  for (const child of childrenOf(node)) walk(child, visit, ancestors);
  ancestors.pop();
}

/** The expression inside parentheses and type assertions. */
export function unwrapExpression(node: Node): Node {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return unwrapExpression(node.expression);
    default:
      return node;
  }
}

/** How often a name is written in the module as an identifier, types and tags included, outside one node. */
export function countNames(module: ParsedModule, name: string, outside?: Node): number {
  let count = 0;
  if (!module.text.includes(name)) return count;
  walk(module.program, (node) => {
    if (node === outside) return false;
    if ((node.type === 'Identifier' || node.type === 'JSXIdentifier') && node.name === name) count += 1;
    return true;
  });
  return count;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
