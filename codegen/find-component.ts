import type { ArrowFunctionExpression, CallExpression, Class, Function } from 'oxc-parser';
import { type Node, type ParsedModule, unwrapExpression, walk } from './parse-module.ts';

/** A component of the module and how its default export comes to it. */
export interface Component {
  kind: 'component';
  /** Name under which the module knows it, undefined when it is written in place. */
  name: string | undefined;
  /** The function that renders: the component itself, or a class's `render`. */
  render: RenderFunction;
  takesProps: boolean;
  /** The top-level statement that declares it, undefined when it is written in place. */
  statement: Node | undefined;
  /** The identifier that stands for it in the default export, undefined when the export declares it. */
  reference: Node | undefined;
}
export type RenderFunction = Function | ArrowFunctionExpression;

/** The component is in another module. */
export interface ImportedComponent {
  kind: 'import';
  specifier: string;
  exportName: string;
}

export type ComponentSearch = Component | ImportedComponent | { kind: 'unknown'; reason: string };

/** Follows an export (`default`, or a name) through identifiers, type assertions and wrapping calls to the component it renders. */
export function findComponent(module: ParsedModule, exportName: string): ComponentSearch {
  const exported = findExport(module, exportName);
  if ('kind' in exported) return exported;
  return resolve(module, exported.node, { reference: undefined, statement: exported.statement }, new Set());
}

/** Follows `registerRootComponent(App)` or `AppRegistry.registerComponent(name, () => App)`; undefined when the module registers nothing. */
export function findRegistered(module: ParsedModule): ComponentSearch | undefined {
  let registered: Node | undefined;
  walk(module.program, (node) => {
    if (node.type !== 'CallExpression') return;
    const callee = module.text.slice(node.callee.start, node.callee.end);
    if (/(?:^|\.)registerRootComponent$/.test(callee)) registered = node.arguments[0];
    if (callee === 'AppRegistry.registerComponent') registered = providedBy(node.arguments[1]);
  });
  if (registered === undefined) return undefined;
  const found = resolve(module, registered, { reference: undefined, statement: undefined }, new Set());
  return found.kind === 'unknown'
    ? { ...found, reason: found.reason.replace('its default export', 'what it registers') }
    : found;
}

/** What a function gives back without doing anything else. */
function providedBy(provider: Node | undefined): Node | undefined {
  if (provider?.type !== 'ArrowFunctionExpression' && provider?.type !== 'FunctionExpression') return provider;
  if (provider.body?.type !== 'BlockStatement') return provider.body ?? undefined;
  const [only] = provider.body.body;
  const isPlain = provider.body.body.length === 1 && only?.type === 'ReturnStatement';
  return (isPlain ? only.argument : undefined) ?? provider;
}

interface Way {
  reference: Node | undefined;
  statement: Node | undefined;
}

function findExport(
  module: ParsedModule,
  exportName: string,
): { node: Node; statement: Node | undefined } | ComponentSearch {
  for (const statement of module.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && exportName === 'default') {
      const declares =
        statement.declaration.type === 'FunctionDeclaration' || statement.declaration.type === 'ClassDeclaration';
      return { node: statement.declaration, statement: declares ? statement : undefined };
    }
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (nameOf(specifier.exported) !== exportName) continue;
      if (statement.source === null) return { node: specifier.local, statement: undefined };
      return { kind: 'import', specifier: statement.source.value, exportName: nameOf(specifier.local) };
    }
    if (statement.declaration !== null && exportName !== 'default') {
      const declared = findBinding(module, exportName);
      if (declared !== undefined && declared.statement === statement) return declared;
    }
  }
  const [more, ...others] = module.program.body.flatMap((statement) =>
    statement.type === 'ExportAllDeclaration' && statement.exported === null ? [statement.source.value] : [],
  );
  if (exportName !== 'default' && more !== undefined && others.length === 0)
    return { kind: 'import', specifier: more, exportName };
  return { kind: 'unknown', reason: missingExport(module, exportName) };
}

function missingExport({ text }: ParsedModule, exportName: string): string {
  if (/\bexports(?:\.\w+)?\s*=[^=]/.test(text)) return 'it exports by module.exports, which is not followed';
  return exportName === 'default' ? 'it has no default export' : `it does not export ${exportName}`;
}

function resolve(module: ParsedModule, node: Node, way: Way, seen: Set<string>): ComponentSearch {
  const inner = unwrapExpression(node);
  switch (inner.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return componentOf(module, inner, inner.params.length > 0, way);
    case 'ClassDeclaration':
    case 'ClassExpression': {
      const render = findRender(inner);
      if (render === undefined) return { kind: 'unknown', reason: 'its class has no render method' };
      return componentOf(module, render, module.text.slice(inner.start, inner.end).includes('props'), way);
    }
    case 'Identifier':
      return resolveName(module, inner, seen);
    case 'CallExpression':
      return requiredBy(inner) ?? resolveCall(module, inner, way, seen);
    case 'MemberExpression':
      if (inner.object.type === 'CallExpression' && inner.property.type === 'Identifier' && !inner.computed) {
        const required = requiredBy(inner.object);
        if (required !== undefined) return { ...required, exportName: inner.property.name };
      }
      return { kind: 'unknown', reason: 'its default export is not a component that can be followed' };
    default:
      return { kind: 'unknown', reason: 'its default export is not a component that can be followed' };
  }
}

function resolveName(module: ParsedModule, identifier: Node & { name: string }, seen: Set<string>): ComponentSearch {
  const { name } = identifier;
  if (seen.has(name)) return { kind: 'unknown', reason: `${name} is defined by itself` };
  const binding = findBinding(module, name);
  if (binding !== undefined) {
    return resolve(
      module,
      binding.node,
      { reference: identifier, statement: binding.statement },
      new Set([...seen, name]),
    );
  }
  for (const statement of module.program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.local.name !== name || specifier.type === 'ImportNamespaceSpecifier') continue;
      const exportName = specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported);
      return { kind: 'import', specifier: statement.source.value, exportName };
    }
  }
  return { kind: 'unknown', reason: `${name} is not declared at the top of the file` };
}

/** `require('./App')`, which gives what a module exports by `module.exports`; its `.default` is the export. */
function requiredBy(call: CallExpression): ImportedComponent | undefined {
  const [only] = call.arguments;
  const isRequire = call.callee.type === 'Identifier' && call.callee.name === 'require';
  if (!isRequire || only?.type !== 'Literal' || typeof only.value !== 'string') return undefined;
  return { kind: 'import', specifier: only.value, exportName: 'default' };
}

/** A wrapping call such as `memo(App)`, `Sentry.wrap(App)`, `connect(…)(App)`: the one argument that is a component. */
function resolveCall(module: ParsedModule, call: CallExpression, way: Way, seen: Set<string>): ComponentSearch {
  const inPlace: Way = { reference: undefined, statement: undefined };
  const found = call.arguments.map((argument) => resolve(module, argument, inPlace, seen));
  const components = found.filter((search) => search.kind === 'component' && rendersJsx(search.render));
  const imports = found.filter((search) => search.kind === 'import' && isRelative(search.specifier));
  const candidates = components.length > 0 ? components : imports;
  const [only] = candidates;
  if (only === undefined || candidates.length > 1) {
    return { kind: 'unknown', reason: 'its default export is a call, and no one argument of it is the component' };
  }
  if (only.kind !== 'component' || only.reference !== undefined || way.reference === undefined) return only;
  return { ...only, ...way, name: textOf(module, way.reference) };
}

function componentOf(module: ParsedModule, render: RenderFunction, takesProps: boolean, way: Way): ComponentSearch {
  if (render.async || render.generator) return { kind: 'unknown', reason: 'its component is asynchronous' };
  const name = way.reference === undefined ? declaredName(way.statement) : textOf(module, way.reference);
  return { kind: 'component', name, render, takesProps, ...way };
}

function findRender(node: Class): RenderFunction | undefined {
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue;
    if (member.static || member.key.type !== 'Identifier' || member.key.name !== 'render') continue;
    const value = member.value;
    if (value?.type === 'FunctionExpression' || value?.type === 'ArrowFunctionExpression') return value;
  }
  return undefined;
}

/** The value of a top-level name, and the statement that declares it. */
function findBinding(module: ParsedModule, name: string): { node: Node; statement: Node } | undefined {
  for (const statement of module.program.body) {
    const declaration =
      (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
      statement.declaration !== null
        ? statement.declaration
        : statement;
    if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
      if (declaration.id?.name === name) return { node: declaration, statement };
    }
    if (declaration.type !== 'VariableDeclaration') continue;
    for (const declarator of declaration.declarations) {
      if (declarator.id.type === 'Identifier' && declarator.id.name === name && declarator.init !== null) {
        return { node: declarator.init, statement };
      }
    }
  }
  return undefined;
}

/** Is there JSX anywhere in the function? */
function rendersJsx(render: RenderFunction): boolean {
  let found = false;
  walk(render, (node) => {
    if (node.type === 'JSXElement' || node.type === 'JSXFragment') found = true;
    return !found;
  });
  return found;
}

function declaredName(statement: Node | undefined): string | undefined {
  if (statement?.type !== 'ExportDefaultDeclaration') return undefined;
  const { declaration } = statement;
  const declares = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  return declares ? declaration.id?.name : undefined;
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' ? String(node.value) : '';
}

function textOf(module: ParsedModule, node: Node): string {
  return module.text.slice(node.start, node.end);
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}
