import type { AppFacts } from '../contract/connector.ts';
import { codeName } from '../contract/ids.ts';
import { type OwnershipRecord, compareRecords } from './records.ts';
import { generatedPath, stripTypes } from './strip-types.ts';
import { relativeSpecifier } from './specifiers.ts';

export const providersAnchor = 'providers';
export const providersComponent = 'ConnectorProviders';
const lineWidth = 80;

/** Where the aggregated component is, from the app folder. */
export function providersPath(facts: { sourceDir: string; language: 'typescript' | 'javascript' }): string {
  const path = facts.sourceDir === '' ? 'connectors/providers.tsx' : `${facts.sourceDir}/connectors/providers.tsx`;
  return generatedPath(path, facts.language);
}

/**
 * The component that nests every connector's wrapper, outermost first by code name; undefined when no connector has one. For Next.js it is a client
 * component, so that the root layout around it may stay one of the server.
 */
export function printProviders(
  records: readonly OwnershipRecord[],
  path: string,
  { framework }: Pick<AppFacts, 'framework'>,
): string | undefined {
  const wrappers = readWrappers(records);
  if (wrappers.length === 0) return undefined;
  const imports = wrappers.map(({ exported, local, module }) => {
    const name = exported === local ? local : `${exported} as ${local}`;
    return `import { ${name} } from '${relativeSpecifier(path, module)}';\n`;
  });
  const directive = framework === 'next' ? "'use client';\n\n" : '';
  const text = `${directive}import type { ReactNode } from 'react';
${imports.join('')}
/** Wraps the app in what its connectors need. Graft writes this file; settings are in each connector's folder. */
export function ${providersComponent}({ children }: { children: ReactNode }) {
  return ${printTree(wrappers.map(({ local }) => local))};
}
`;
  return path.endsWith('.tsx') ? text : stripTypes('providers.tsx', text);
}

/** Do two texts of the file say the same, whatever a formatter made of quotes, line breaks and commas? */
export function saysTheSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => text.replaceAll(/[\s;(),]/g, '').replaceAll('"', "'"));
  return x === y;
}

interface Wrapper {
  exported: string;
  local: string;
  module: string;
}

function readWrappers(records: readonly OwnershipRecord[]): Wrapper[] {
  const wanted = records.toSorted(compareRecords).flatMap((record) => {
    const { provider } = record.wants;
    return provider === null ? [] : [{ name: codeName(record.connector, record.alias), provider }];
  });
  return wanted.map(({ name, provider }) => {
    const shared = wanted.filter((other) => other.provider.component === provider.component).length > 1;
    return {
      exported: provider.component,
      local: shared ? `${provider.component}Of${pascalCase(name)}` : provider.component,
      module: provider.module,
    };
  });
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|[^a-z0-9]+)([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

/** The nested elements as formatters print them: one on its line where it fits. */
function printTree(names: readonly string[]): string {
  const [only] = names;
  const inline = `<${only}>{children}</${only}>`;
  if (names.length === 1 && `  return ${inline};`.length <= lineWidth) return inline;
  return `(\n${printNested(names, '    ')}\n  )`;
}

function printNested([name, ...inner]: readonly string[], indent: string): string {
  const inline = `${indent}<${name}>{children}</${name}>`;
  if (inner.length === 0 && inline.length <= lineWidth) return inline;
  const body = inner.length === 0 ? `${indent}  {children}` : printNested(inner, `${indent}  `);
  return `${indent}<${name}>\n${body}\n${indent}</${name}>`;
}
