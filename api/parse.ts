import { z } from 'zod';
import { environments } from '../contract/closed-sets.ts';
import { type FieldFault, GraftError } from '../contract/errors.ts';
import { isAlias } from '../contract/ids.ts';

/** A field's path as people write it: `credentials.secretKey`. */
function pathOf(parts: readonly PropertyKey[], prefix: string): string {
  const path = [...(prefix === '' ? [] : [prefix]), ...parts.map(String)].join('.');
  return path === '' ? 'body' : path;
}

/** A name from outside may be a value pasted in the wrong place: only a short word of letters is repeated. */
function safeName(name: string): string {
  return /^[A-Za-z]{1,30}$/.test(name) ? name : '(another name)';
}

function faultsOf(issue: z.core.$ZodIssue, prefix: string): FieldFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: pathOf([...issue.path, safeName(key)], prefix),
      fix: 'Remove this field: it is not known here.',
    }));
  const field = pathOf(issue.path, prefix);
  return [{ field, fix: field === 'body' ? 'Send one JSON object.' : issue.message }];
}

/** The parsed value, or all that is wrong with it as fields (below `prefix`) and fixes; no value is ever repeated. */
export function faultsIn<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  prefix = '',
): { value: z.infer<Schema>; faults: [] } | { value: undefined; faults: FieldFault[] } {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? { value: parsed.data, faults: [] }
    : { value: undefined, faults: parsed.error.issues.flatMap((issue) => faultsOf(issue, prefix)) };
}

/** Throws `invalid_request` when there are faults. */
export function refuseFaults(faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  const names = [...new Set(faults.map(({ field }) => field))].join(', ');
  throw new GraftError('invalid_request', `Mend these fields and send the request again: ${names}.`, {
    fields: faults,
  });
}

/** Parses what came from outside; throws `invalid_request` with a field and a fix for each fault. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, prefix = ''): z.infer<Schema> {
  const result = faultsIn(schema, value, prefix);
  refuseFaults(result.faults);
  return result.value as z.infer<Schema>;
}

/** Field of most bodies: where an installation's values are used. */
export const EnvironmentField = z.enum(environments, `Choose one of: ${environments.join(', ')}.`);

/** Field of some bodies: it prefixes environment keys and file names. */
export const AliasField = z
  .string('Write the alias as text.')
  .refine(isAlias, 'Write up to 20 lower-case letters and digits that begin with a letter, or leave it out.')
  .default('');

/** A field that another schema parses later. */
export const ObjectField = (what: string) => z.record(z.string(), z.unknown(), `Send the ${what} as an object.`);

/** Body of a request that has none. */
export const Nothing = z.strictObject({});
