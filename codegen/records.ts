import { z } from 'zod';
import type { Snapshot } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { codeName } from '../contract/ids.ts';
import { decodeText } from './draft.ts';
import { compareText } from './order.ts';

const format = 1;
const recordsDir = '.graft';
export const sharedRecord = `${recordsDir}/shared.json`;

/**
 * One edit as it is remembered. `written`: ours, undone on removal; `adopted`: there before us, left on removal; `manual`: a person
 * was asked. `hash` is the git blob id of the text written (null when nothing was), `replaced` the text that stood there (null: none).
 */
const Operation = z.object({
  file: z.string(),
  anchor: z.string(),
  state: z.enum(['written', 'adopted', 'manual']),
  hash: z.string().nullable(),
  replaced: z.string().nullable(),
  /** The text came from what the provider told, so that only what it tells anew takes its place. */
  source: z.literal('provider').optional(),
});
export type Operation = z.infer<typeof Operation>;

const Wants = z.object({
  packages: z.array(z.object({ name: z.string(), range: z.string() })),
  configPlugins: z.array(z.object({ name: z.string(), props: z.record(z.string(), z.unknown()).optional() })),
  /** `module` is the wrapper's path from the app folder, without its ending. */
  provider: z.object({ component: z.string(), module: z.string() }).nullable(),
});

/** What one connector brought into an app; all its paths are relative to the app folder. */
const OwnershipRecord = z.object({
  format: z.literal(format),
  connector: z.string(),
  alias: z.string(),
  version: z.string(),
  options: z.record(z.string(), z.unknown()),
  wants: Wants,
  environmentKeys: z.array(z.object({ key: z.string(), secret: z.boolean(), comment: z.string() })),
  operations: z.array(Operation),
});
export type OwnershipRecord = z.infer<typeof OwnershipRecord>;

/** What was there before the first of each shared thing; who wants it is read from the connectors' records. */
const SharedRecord = z.object({ format: z.literal(format), operations: z.array(Operation) });

/** Path of a connector's record from the app folder. */
export function recordPath(record: { connector: string; alias: string }): string {
  return `${recordsDir}/${codeName(record.connector, record.alias)}.json`;
}

export function newRecord(fields: Omit<OwnershipRecord, 'format'>): OwnershipRecord {
  return { format, ...fields };
}

/** The ownership records in the app folder, by code name; throws `cannot_edit` for one that is damaged or of a newer format. */
export function readRecords(snapshot: Snapshot, appDir: string): readonly OwnershipRecord[] {
  const folder = appDir === '' ? `${recordsDir}/` : `${appDir}/${recordsDir}/`;
  const records: OwnershipRecord[] = [];
  for (const [path, file] of snapshot) {
    if (!path.startsWith(folder) || !path.endsWith('.json') || path === `${folder}shared.json`) continue;
    records.push(parseRecord(OwnershipRecord, path, decodeText(file)));
  }
  return records.toSorted(compareRecords);
}

/** The record of a connector in the app folder. */
export function findRecord(
  snapshot: Snapshot,
  appDir: string,
  of: { connector: string; alias: string },
): OwnershipRecord | undefined {
  const name = codeName(of.connector, of.alias);
  return readRecords(snapshot, appDir).find((record) => codeName(record.connector, record.alias) === name);
}

/** The operations on shared things, empty when there is no record of any. */
export function readSharedOperations(snapshot: Snapshot, appDir: string): readonly Operation[] {
  const path = appDir === '' ? sharedRecord : `${appDir}/${sharedRecord}`;
  const file = snapshot.get(path);
  return file === undefined ? [] : parseRecord(SharedRecord, path, decodeText(file)).operations;
}

/** The record's text: sorted, so that the same facts give the same bytes. */
export function printRecord(record: OwnershipRecord): string {
  return print({
    ...record,
    options: sortKeys(record.options),
    wants: {
      packages: record.wants.packages.toSorted((a, b) => compareText(a.name, b.name)),
      configPlugins: record.wants.configPlugins.toSorted((a, b) => compareText(a.name, b.name)),
      provider: record.wants.provider,
    },
    environmentKeys: record.environmentKeys.toSorted((a, b) => compareText(a.key, b.key)),
    operations: record.operations.toSorted(compareOperations),
  });
}

export function printSharedOperations(operations: readonly Operation[]): string {
  return print({ format, operations: operations.toSorted(compareOperations) });
}

/** Orders records by code name: the order of everything that several connectors share. */
export function compareRecords(a: OwnershipRecord, b: OwnershipRecord): number {
  return compareText(codeName(a.connector, a.alias), codeName(b.connector, b.alias));
}

function compareOperations(a: Operation, b: Operation): number {
  return compareText(a.file, b.file) || compareText(a.anchor, b.anchor);
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => compareText(a, b)));
}

function parseRecord<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  text: string | undefined,
): z.infer<Schema> {
  const value = parseJson(text);
  if (isNewer(value)) {
    throw new GraftError('cannot_edit', `${path} was written by a newer Graft. Update Graft, then try again.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GraftError('cannot_edit', `${path} is damaged. Restore it from the repository's history, then try again.`, {
    cause: parsed.error,
  });
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isNewer(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    typeof value.format === 'number' &&
    value.format > format
  );
}
