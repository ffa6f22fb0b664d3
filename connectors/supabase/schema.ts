import { z } from 'zod';

const Column = z.object({
  name: z.string(),
  /** As JSON has it; `unknown` for what the description does not tell, such as a composite type. */
  type: z.enum(['string', 'number', 'boolean', 'json', 'unknown']),
  isArray: z.boolean(),
  /** Of an enum, in its order. */
  values: z.array(z.string()).optional(),
  nullable: z.boolean(),
  /** A new row may leave it out. */
  optional: z.boolean(),
});
export type Column = z.infer<typeof Column>;

const Relation = z.object({
  name: z.string(),
  /** A view that takes rows counts as a table. */
  kind: z.enum(['table', 'view']),
  columns: z.array(Column),
  references: z.array(
    z.object({ column: z.string(), relation: z.string(), referenced: z.string(), isOneToOne: z.boolean() }),
  ),
});
export type Relation = z.infer<typeof Relation>;

/** The schema `public` of a project as far as types need it; names and types only, never a row or a default. */
export const Schema = z.object({
  relations: z.array(Relation),
  functions: z.array(z.object({ name: z.string(), arguments: z.array(Column) })),
});
export type Schema = z.infer<typeof Schema>;

/** The schema in what a probe told; undefined where it told none, or in a form that another version kept. */
export function schemaIn(discovered: unknown): Schema | undefined {
  return z.object({ schema: Schema }).safeParse(discovered).data?.schema;
}

/** The table that the next steps make where the project has none of that name. */
export function exampleTable(name: string, auth: boolean): Relation {
  const column = (of: Pick<Column, 'name' | 'type' | 'optional'>): Column => ({
    ...of,
    isArray: false,
    nullable: false,
  });
  return {
    name,
    kind: 'table',
    columns: [
      column({ name: 'id', type: 'number', optional: true }),
      column({ name: 'title', type: 'string', optional: false }),
      column({ name: 'created_at', type: 'string', optional: true }),
      ...(auth ? [column({ name: 'user_id', type: 'string', optional: true })] : []),
    ],
    references: [],
  };
}

/** In an order that does not change with that of the description. */
export function sortByName<Named extends { name: string }>(all: readonly Named[]): Named[] {
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
