import { quoted } from '../render-template.ts';
import type { Column, Relation, Schema } from './schema.ts';

const width = 100;
const json = 'export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];\n\n';

/** The module of types that the client takes, for this schema and with the table that the generated code reads among its tables. */
export function printTypes(schema: Schema, table: string, comment: string): string {
  const isTable = ({ kind, name }: Relation) => kind === 'table' || name === table;
  const tables = schema.relations.filter(isTable);
  const views = schema.relations.filter((relation) => !isTable(relation));
  const columns = [
    ...schema.relations.flatMap((one) => one.columns),
    ...schema.functions.flatMap((one) => one.arguments),
  ];
  const lines = [
    ...group('Tables', tables.map(printTable)),
    ...group('Views', views.map(printView)),
    ...group(
      'Functions',
      schema.functions.map(({ name, arguments: taken }) => [
        `${property(name)}: {`,
        ...(taken.length === 0 ? ['  Args: never;'] : indent(printRow('Args', taken, ({ optional }) => optional))),
        // The description does not tell what a function gives.
        '  Returns: unknown;',
        '};',
      ]),
    ),
  ];
  const needsJson = columns.some(({ type }) => type === 'json');
  const body = indent(['public: {', ...indent(lines), '};']).join('\n');
  return `${needsJson ? json : ''}/** ${comment} */\nexport type Database = {\n${body}\n};\n`;
}

function group(name: string, members: readonly string[][]): string[] {
  if (members.length === 0) return [`${name}: Record<never, never>;`];
  return [`${name}: {`, ...indent(members.flat()), '};'];
}

/** The lines of one table, as they stand among the tables. */
export function printTable(relation: Relation): string[] {
  return [
    `${property(relation.name)}: {`,
    ...indent([
      ...printRow('Row', relation.columns, () => false),
      ...printRow('Insert', relation.columns, ({ optional }) => optional),
      ...printRow('Update', relation.columns, () => true),
      ...printRelationships(relation),
    ]),
    '};',
  ];
}

function printView(relation: Relation): string[] {
  return [
    `${property(relation.name)}: {`,
    ...indent([...printRow('Row', relation.columns, () => false), ...printRelationships(relation)]),
    '};',
  ];
}

function printRow(name: string, columns: readonly Column[], isOptional: (column: Column) => boolean): string[] {
  if (columns.length === 0) return [`${name}: Record<never, never>;`];
  const lines = columns.flatMap((column) => printColumn(column, isOptional(column)));
  return [`${name}: {`, ...indent(lines), '};'];
}

function printColumn(column: Column, optional: boolean): string[] {
  const { name, isArray, nullable } = column;
  const one = typesOf(column);
  const each = isArray ? [`${one.length > 1 ? `(${one.join(' | ')})` : one[0]}[]`] : one;
  const types = nullable && (isArray || column.type !== 'unknown') ? [...each, 'null'] : each;
  const start = `${property(name)}${optional ? '?' : ''}:`;
  const line = `${start} ${types.join(' | ')};`;
  if (line.length + depth <= width || types.length === 1) return [line];
  const last = types.length - 1;
  return [start, ...types.map((type, index) => `  | ${type}${index === last ? ';' : ''}`)];
}

// How far the columns of a table stand in, by two spaces a level.
const depth = 10;

function typesOf({ type, values }: Column): string[] {
  if (values !== undefined && values.length > 0) return values.map(literal);
  return [type === 'json' ? 'Json' : type];
}

/** By the name that Postgres gives a foreign key; what people named otherwise is not told. */
function printRelationships({ name, references }: Relation): string[] {
  if (references.length === 0) return ['Relationships: [];'];
  const lines = references.flatMap(({ column, relation, referenced, isOneToOne }) => [
    '{',
    ...indent([
      `foreignKeyName: ${literal(`${name}_${column}_fkey`)};`,
      `columns: [${literal(column)}];`,
      `isOneToOne: ${isOneToOne};`,
      `referencedRelation: ${literal(relation)};`,
      `referencedColumns: [${literal(referenced)}];`,
    ]),
    '},',
  ]);
  return ['Relationships: [', ...indent(lines), '];'];
}

function property(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : literal(name);
}

/** Any text of the provider's as a string literal. */
function literal(text: string): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return quoted(text).replaceAll(/[\p{Cc}\u2028\u2029]/gu, escape);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
