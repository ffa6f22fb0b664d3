import type { ArrowFunctionExpression, Function, ObjectExpression } from 'oxc-parser';
import { findReturns } from './find-returns.ts';
import { type Node, type ParsedModule, unwrapExpression, walk } from './parse-module.ts';

/** The one object that a dynamic config comes to, or why it cannot be told. */
export type ConfigObject = { object: ObjectExpression; parameters: string } | { reason: string };

/** Follows what a config module exports through names, functions with one return and `define…Config(…)` to one object literal. */
export function findConfigObject(module: ParsedModule): ConfigObject {
  const exported = module.program.body.flatMap((statement) => exportedBy(module, statement));
  const [only] = exported;
  if (only === undefined || exported.length > 1) return { reason: 'it does not export one config' };
  if (changesPlugins(module)) return { reason: 'it changes its list of plugins by code' };
  return resolve(module, only, [module.program.body], '', 0);
}

function exportedBy({ text }: ParsedModule, statement: Node): Node[] {
  if (statement.type === 'ExportDefaultDeclaration') return [statement.declaration];
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return [];
  const { left, right } = statement.expression;
  return /^(?:module\.exports|(?:module\.)?exports\.default)$/.test(text.slice(left.start, left.end)) ? [right] : [];
}

function changesPlugins({ program, text }: ParsedModule): boolean {
  let changes = false;
  walk(program, (node) => {
    const target =
      node.type === 'AssignmentExpression' ? node.left : node.type === 'CallExpression' ? node.callee : undefined;
    if (target === undefined) return;
    const written = text.slice(target.start, target.end);
    if (/\.plugins$|\.plugins!?\??\.(?:push|unshift|splice|sort|reverse)$/.test(written)) changes = true;
  });
  return changes;
}

const mostSteps = 8;

function resolve(
  module: ParsedModule,
  node: Node,
  scopes: readonly (readonly Node[])[],
  parameters: string,
  steps: number,
): ConfigObject {
  const inner = unwrapExpression(node);
  if (steps > mostSteps) return { reason: 'it goes through too many names' };
  switch (inner.type) {
    case 'ObjectExpression': {
      const expo = inner.properties.find((one) => one.type === 'Property' && nameOf(one.key) === 'expo');
      if (expo?.type !== 'Property') return { object: inner, parameters };
      return resolve(module, expo.value, scopes, parameters, steps + 1);
    }
    case 'Identifier': {
      const value = scopes.flatMap((scope) => scope.flatMap((one) => valueOf(one, inner.name))).at(-1);
      if (value !== undefined) return resolve(module, value, scopes, parameters, steps + 1);
      return { reason: `${inner.name} is not declared in it once and for all` };
    }
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return resolveFunction(module, inner, scopes, steps);
    case 'CallExpression': {
      const [only, ...more] = inner.arguments;
      const defines = inner.callee.type === 'Identifier' && /^define\w*Config$/.test(inner.callee.name);
      if (defines && only !== undefined && more.length === 0)
        return resolve(module, only, scopes, parameters, steps + 1);
      return { reason: 'it is made by a call' };
    }
    case 'ConditionalExpression':
    case 'LogicalExpression':
      return { reason: 'it is chosen by a condition' };
    default:
      return { reason: 'it is no object in sight' };
  }
}

function resolveFunction(
  module: ParsedModule,
  node: Function | ArrowFunctionExpression,
  scopes: readonly (readonly Node[])[],
  steps: number,
): ConfigObject {
  if (node.async) return { reason: 'it is asynchronous' };
  const returned = findReturns(node);
  const [only] = returned;
  if (only === undefined || returned.length > 1) return { reason: 'it has several branches' };
  const body = node.body?.type === 'BlockStatement' ? node.body.body : [];
  const parameters = node.params.map(({ start, end }) => module.text.slice(start, end)).join();
  return resolve(module, only.shell, [...scopes, body], parameters, steps + 1);
}

/** What a statement gives a name for good. */
function valueOf(statement: Node, name: string): Node[] {
  const declaration =
    statement.type === 'ExportNamedDeclaration' && statement.declaration !== null ? statement.declaration : statement;
  if (declaration.type === 'FunctionDeclaration') return declaration.id?.name === name ? [declaration] : [];
  if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') return [];
  return declaration.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' && id.name === name && init !== null ? [init] : [],
  );
}

/** The name of a property's key, undefined when it is computed. */
export function nameOf(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}
