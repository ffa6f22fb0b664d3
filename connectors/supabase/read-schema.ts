import { z } from 'zod';
import { type Column, type Relation, type Schema, sortByName } from './schema.ts';

// What PostgREST describes itself with at its root: Swagger 2.0, https://docs.postgrest.org/en/latest/references/api/openapi.html
const Property = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  items: z.object({ type: z.string().optional() }).optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
});
type Property = z.infer<typeof Property>;
const Shape = z.object({
  properties: z.record(z.string(), Property).default({}),
  required: z.array(z.string()).default([]),
});
const Parameter = z.object({ in: z.string().optional(), schema: Shape.optional() });
const Method = z.object({ parameters: z.array(Parameter).default([]) });
const Description = z.object({
  swagger: z.literal('2.0'),
  definitions: z.record(z.string(), Shape).default({}),
  paths: z.record(z.string(), z.object({ post: Method.optional() })).default({}),
});

/** The schema that a reply of the Data API's root describes, sorted by name; undefined for any other reply. */
export function readSchema(body: unknown): Schema | undefined {
  const parsed = Description.safeParse(body);
  if (!parsed.success) return undefined;
  const { definitions, paths } = parsed.data;
  return {
    relations: sortByName(
      Object.entries(definitions).map(([name, { properties, required }]): Relation => {
        const columns = Object.entries(properties);
        const keys = columns.filter(([, property]) => isPrimaryKey(property));
        return {
          name,
          kind: paths[`/${name}`]?.post === undefined ? 'view' : 'table',
          columns: sortByName(columns.map(([column, property]) => readColumn(column, property, required))),
          references: columns.flatMap(([column, property]) => {
            // After whatever people wrote of the column.
            const told = [...(property.description ?? '').matchAll(/<fk table='([^']+)' column='([^']+)'\/>/g)];
            const [, relation, referenced] = told.at(-1) ?? [];
            if (relation === undefined || referenced === undefined || !Object.hasOwn(definitions, relation)) return [];
            return [{ column, relation, referenced, isOneToOne: keys.length === 1 && isPrimaryKey(property) }];
          }),
        };
      }),
    ),
    functions: sortByName(
      Object.entries(paths).flatMap(([path, { post }]) => {
        const name = /^\/rpc\/(.+)$/.exec(path)?.[1];
        if (name === undefined || post === undefined) return [];
        const given = post.parameters.find((parameter) => parameter.in === 'body')?.schema;
        const taken = Object.entries(given?.properties ?? {}).map(([argument, property]): Column => {
          const optional = !given?.required.includes(argument);
          return { ...readColumn(argument, property, [argument]), optional };
        });
        return [{ name, arguments: sortByName(taken) }];
      }),
    ),
  };
}

function readColumn(name: string, property: Property, required: readonly string[]): Column {
  const { enum: values } = property;
  const isArray = property.type === 'array';
  const type = typeOf(property);
  const nullable = !required.includes(name);
  // A default is described where it reads as JSON, or the column is text: never a sequence's, an identity's, that of JSON or a list.
  const hidesDefault =
    type === 'json' || type === 'unknown' || isArray || (type === 'number' && isPrimaryKey(property));
  const optional = nullable || property.default !== undefined || hidesDefault;
  return { name, type, isArray, ...(values === undefined ? {} : { values }), nullable, optional };
}

function typeOf({ type, format, items, enum: values }: Property): Column['type'] {
  const told = type === 'array' ? items?.type : type;
  if (told === 'integer' || told === 'number') return 'number';
  if (told === 'boolean') return 'boolean';
  if (told === 'string') return values !== undefined || isText(format ?? '') ? 'string' : 'unknown';
  return /^jsonb?(\[\])?$/.test(format ?? '') ? 'json' : 'unknown';
}

const textTypes = new Set(
  `"char" bit bytea character cidr date inet interval macaddr macaddr8 money name text time timestamp tsquery tsvector uuid xml
  daterange int4range int8range numrange tsrange tstzrange`.split(/\s+/),
);
const textTypesOfExtensions = new Set(['citext', 'halfvec', 'ltree', 'vector']);

/** PostgREST calls every other type a string, a composite one too, which it is not. */
function isText(format: string): boolean {
  const [name = ''] = format.split(/[ ([]/, 1);
  return textTypes.has(name) || textTypesOfExtensions.has(name.split('.').at(-1) ?? '');
}

function isPrimaryKey({ description }: Property): boolean {
  return description?.includes('<pk/>') === true;
}
