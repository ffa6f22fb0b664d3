import type { SdkSetUp } from '../contract/connector.ts';
import { sourcesNaming } from './find-uses.ts';
import { type Node, type ParsedModule, parseModule, walk } from './parse-module.ts';
import { hasPackage } from './plan-packages.ts';
import type { Planning } from './planning.ts';
import { generatedPath } from './strip-types.ts';

/** Files that run elsewhere than in the app: its API routes, functions at a provider, tests. */
const elsewhere =
  /\+api\.[jt]sx?$|(?:^|\/)(?:functions|__tests__|__mocks__|e2e)\/|\.(?:test|spec|stories)\.[jt]sx?$|(?:^|\/)jest\./;

/** The app's own source files that set an SDK up by hand, each with the name that does it; none are read while package.json does not name the package. */
export function findSetUp(planning: Planning, setUp: SdkSetUp): { file: string; name: string }[] {
  const { draft, added, facts } = planning;
  if (!hasPackage(planning, packageOf(setUp.module))) return [];
  const ours = new Set(
    [...added.values()].flatMap(({ contribution }) =>
      contribution.files.map(({ path }) => generatedPath(path, facts.language)),
    ),
  );
  return sourcesNaming(planning, [setUp.module]).flatMap((file) => {
    if (elsewhere.test(file) || ours.has(file)) return [];
    const module = parseModule(file, draft.read(file) ?? '');
    const name = 'fault' in module ? undefined : nameSettingUp(module, setUp);
    return name === undefined ? [] : [{ file, name }];
  });
}

function packageOf(module: string): string {
  const parts = module.split('/');
  return parts.slice(0, module.startsWith('@') ? 2 : 1).join('/');
}

function nameSettingUp({ program }: ParsedModule, { module: source, names }: SdkSetUp): string | undefined {
  const whole = new Set<string>();
  let found: string | undefined;
  const meet = (name: string | undefined) => {
    if (name !== undefined && names.includes(name)) found ??= name;
  };
  walk(program, (node) => {
    if (node.type === 'ImportDeclaration' && node.source.value === source && node.importKind !== 'type') {
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ImportSpecifier') whole.add(specifier.local.name);
        else if (specifier.importKind === 'type') continue;
        else if (nameOf(specifier.imported) === 'default') whole.add(specifier.local.name);
        else meet(nameOf(specifier.imported));
      }
    }
    if (node.type === 'ExportNamedDeclaration' && node.source?.value === source)
      for (const { local } of node.specifiers) meet(nameOf(local));
    if (node.type === 'VariableDeclarator' && isRequire(node.init, source)) {
      if (node.id.type === 'Identifier') whole.add(node.id.name);
      if (node.id.type === 'ObjectPattern')
        for (const property of node.id.properties) if (property.type === 'Property') meet(nameOf(property.key));
    }
    if (node.type === 'MemberExpression' && (whole.has(nameOf(node.object) ?? '') || isRequire(node.object, source)))
      meet(nameOf(node.property));
    if (node.type === 'JSXMemberExpression' && whole.has(nameOf(node.object) ?? '')) meet(nameOf(node.property));
    return true;
  });
  return found;
}

/** `require('…')` of this package, or its `.default`. */
function isRequire(node: Node | null, source: string): boolean {
  if (node?.type === 'MemberExpression' && nameOf(node.property) === 'default') return isRequire(node.object, source);
  if (node?.type !== 'CallExpression' || nameOf(node.callee) !== 'require') return false;
  const [only] = node.arguments;
  return only?.type === 'Literal' && only.value === source;
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' || node.type === 'JSXIdentifier' ? node.name : undefined;
}
