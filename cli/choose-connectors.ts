import { type OwnershipRecord, readRecords } from '../codegen/records.ts';
import { contributionTo, findOtherAlias, getConnector } from '../connectors/index.ts';
import type { PlanInput, ProjectFacts, Snapshot, WantedConnector } from '../contract/codegen.ts';
import type { AppFacts, BundledVersions, Manifest } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';

export interface PlanAsked {
  folder: string;
  /** Ids of connectors. */
  names: readonly string[];
  alias: string;
  /** Of the one connector, or of several by id; undefined keeps what the records say, or the defaults. */
  options: Record<string, unknown> | undefined;
  remove: boolean;
  write: boolean;
}

/** What a plan adds or removes. One connector refused refuses all: unknown, unfit for the app, wrong options, or a second one of a kind. */
export function chooseConnectors(
  asked: PlanAsked,
  snapshot: Snapshot,
  appDir: string,
  facts: ProjectFacts,
  bundled: BundledVersions | undefined,
): Pick<PlanInput, 'add' | 'remove'> {
  const records = readRecords(snapshot, appDir);
  const recorded = (name: string) =>
    records.find(({ connector, alias }) => connector === name && alias === asked.alias);
  const app = bundled === undefined ? facts : { ...facts, bundled };
  if (!asked.remove)
    return { add: asked.names.map((name) => want(asked, name, records, recorded(name), app)), remove: [] };
  for (const name of asked.names) if (recorded(name) === undefined) getConnector(name);
  return { add: [], remove: asked.names.map((connector) => ({ connector, alias: asked.alias })) };
}

function want(
  asked: PlanAsked,
  name: string,
  records: readonly OwnershipRecord[],
  record: OwnershipRecord | undefined,
  app: AppFacts,
): WantedConnector {
  const connector = getConnector(name);
  const { manifest } = connector;
  const { alias } = asked;
  const other = findOtherAlias(manifest, alias, records);
  if (other !== undefined) {
    const fix = other.alias === '' ? 'Leave --alias out.' : `Use --alias ${other.alias}.`;
    throw new GraftError(
      'already_installed',
      `An app can hold ${manifest.name} only once, and this one has it. ${fix}`,
      {
        fields: [{ field: 'alias', fix }],
      },
    );
  }
  const options = readOptions(manifest, asked, name, record);
  return {
    connector: name,
    alias,
    version: manifest.version,
    options,
    contribution: contributionTo(connector, { app, alias, options }),
  };
}

function readOptions(
  manifest: Manifest,
  asked: PlanAsked,
  name: string,
  record: OwnershipRecord | undefined,
): Record<string, unknown> {
  const { options, names } = asked;
  const unknown = names.length === 1 ? undefined : Object.keys(options ?? {}).find((key) => !names.includes(key));
  if (unknown !== undefined) {
    throw new GraftError(
      'invalid_request',
      `--options names "${unknown}". Write the options of several connectors by id: '{"${name}": {…}}'.`,
    );
  }
  const given = options === undefined ? undefined : names.length === 1 ? options : options[name];
  const parsed = manifest.options.safeParse(given ?? record?.options ?? {});
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path, message }) => ({
    field: ['options', ...path].join('.'),
    fix: message,
  }));
  const faults = fields.map(({ field, fix }) => `${field}: ${fix}`);
  throw new GraftError('invalid_request', `The options of ${manifest.name} are wrong. ${faults.join(' ')}`, { fields });
}
