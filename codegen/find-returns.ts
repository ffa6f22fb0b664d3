import type { RenderFunction } from './find-component.ts';
import { type Node, unwrapExpression, walk } from './parse-module.ts';

/** What a render function gives back in one place: the whole argument, and the expression inside its parentheses and type assertions. */
export interface Returned {
  shell: Node;
  expression: Node;
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
  return values
    .filter((shell) => !showsNothing(shell))
    .map((shell) => ({ shell, expression: unwrapExpression(shell) }));
}

function showsNothing(node: Node): boolean {
  const inner = unwrapExpression(node);
  switch (inner.type) {
    case 'ConditionalExpression':
      return showsNothing(inner.consequent) && showsNothing(inner.alternate);
    case 'Literal':
      return inner.value === null || inner.value === false;
    case 'Identifier':
      return inner.name === 'undefined';
    default:
      return false;
  }
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
