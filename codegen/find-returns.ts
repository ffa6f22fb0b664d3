import type { RenderFunction } from './find-component.ts';
import { type Node, unwrapExpression, walk } from './parse-module.ts';

/** What a render function gives back in one place: the whole argument, and the expression inside its parentheses and type assertions. */
export interface Returned {
  shell: Node;
  expression: Node;
  /** `jsx`: an element, or an expression that comes to one; `other`: something else that may render. */
  kind: 'jsx' | 'other';
}

/** All places where a render function gives back something to see; `null`, `false` and a bare `return` show nothing and are left out. */
export function findReturns(render: RenderFunction): Returned[] {
  const values: Node[] = [];
  if (render.body === null) return [];
  if (render.body.type !== 'BlockStatement') values.push(render.body);
  else {
    walk(render.body, (node) => {
      if (isFunctionOrClass(node)) return false;
      if (node.type === 'ReturnStatement' && node.argument !== null) values.push(node.argument);
      return true;
    });
  }
  return values.flatMap((shell) => {
    const kind = kindOf(shell);
    return kind === 'nothing' ? [] : [{ shell, expression: unwrapExpression(shell), kind }];
  });
}

function kindOf(node: Node): 'nothing' | 'jsx' | 'other' {
  const inner = unwrapExpression(node);
  switch (inner.type) {
    case 'JSXElement':
    case 'JSXFragment':
      return 'jsx';
    case 'ConditionalExpression':
      return together(kindOf(inner.consequent), kindOf(inner.alternate));
    case 'LogicalExpression':
      return kindOf(inner.right) === 'jsx' || kindOf(inner.left) === 'jsx' ? 'jsx' : 'other';
    case 'Literal':
      return inner.value === null || inner.value === false ? 'nothing' : 'other';
    case 'Identifier':
      return inner.name === 'undefined' ? 'nothing' : 'other';
    default:
      return 'other';
  }
}

function together(a: 'nothing' | 'jsx' | 'other', b: 'nothing' | 'jsx' | 'other'): 'nothing' | 'jsx' | 'other' {
  if (a === 'jsx' || b === 'jsx') return 'jsx';
  return a === 'nothing' && b === 'nothing' ? 'nothing' : 'other';
}

function isFunctionOrClass(node: Node): boolean {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'ClassDeclaration' ||
    node.type === 'ClassExpression'
  );
}
