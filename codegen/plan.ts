import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Plan, PlanInput, PlannedFile, WantedConnector } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { codeName } from '../contract/ids.ts';
import { openDraft } from './draft.ts';
import { findSetUp } from './find-set-up.ts';
import { planEnvironment } from './plan-environment.ts';
import { planFiles } from './plan-files.ts';
import { planGitignore } from './plan-gitignore.ts';
import { planPackages } from './plan-packages.ts';
import { planPlugins } from './plan-plugins.ts';
import { planProviders } from './plan-providers.ts';
import { type Planning, collectShared, fromRoot } from './planning.ts';
import {
  type OwnershipRecord,
  compareRecords,
  newRecord,
  printRecord,
  printSharedOperations,
  readRecords,
  readSharedOperations,
  recordPath,
  sharedRecord,
} from './records.ts';
import { withoutEnding } from './specifiers.ts';

const publicPrefixes = ['EXPO_PUBLIC_', 'NEXT_PUBLIC_'];

/**
 * The edits that bring connectors into an app and take others out, in one go. What is there is read from the ownership records in the
 * snapshot; what cannot be edited safely is left to people. Throws `environment_key_taken` when two connectors want one key, and
 * `cannot_edit` when nothing can be planned: a damaged or newer record, a file in the way, an SDK set up by hand, package.json unreadable.
 */
export function plan(input: PlanInput): Plan {
  const { snapshot, appDir, facts } = input;
  const current = readRecords(snapshot, appDir);
  const added = new Map(input.add.map((wanted) => [codeName(wanted.connector, wanted.alias), wanted]));
  const target = targetRecords(current, input, added);
  refuseTakenKeys(target.toSorted((a, b) => Number(added.has(nameOf(a))) - Number(added.has(nameOf(b)))));
  const planning: Planning = {
    draft: openDraft(snapshot, appDir),
    facts,
    appDir,
    current,
    target,
    added,
    shared: collectShared(readSharedOperations(snapshot, appDir)),
    originals: input.originals ?? new Map(),
    manual: [],
    notes: [],
  };
  refuseSecondSetUp(planning);
  planFiles(planning);
  planProviders(planning);
  planPlugins(planning);
  planPackages(planning);
  planEnvironment(planning);
  planGitignore(planning, snapshot);
  writeRecords(planning);
  return finish(planning, input);
}

/** What the records name, minus what is removed, plus what is added. */
function targetRecords(
  current: readonly OwnershipRecord[],
  input: PlanInput,
  added: ReadonlyMap<string, WantedConnector>,
): OwnershipRecord[] {
  const removed = new Set(input.remove.map(({ connector, alias }) => codeName(connector, alias)));
  const kept = current.filter((record) => {
    const name = nameOf(record);
    return !removed.has(name) && !added.has(name);
  });
  const brought = [...added.values()].map((wanted) => recordOf(wanted));
  return [...kept, ...brought].toSorted(compareRecords);
}

function recordOf(wanted: WantedConnector): OwnershipRecord {
  const { connector, alias, version, options, contribution } = wanted;
  const { packages, configPlugins, provider, environmentKeys } = contribution;
  const exposed = environmentKeys.find(
    ({ key, secret }) => secret && publicPrefixes.some((prefix) => key.startsWith(prefix)),
  );
  if (exposed !== undefined) {
    throw new GraftError(
      'cannot_edit',
      `${exposed.key} is a secret, and its name would build it into the app. Rename it in the connector.`,
    );
  }
  return newRecord({
    connector,
    alias,
    version,
    options,
    wants: {
      packages: packages.map(({ name, range }) => ({ name, range })),
      configPlugins: configPlugins.map(({ name, props }) =>
        props === undefined ? { name } : { name, props: { ...props } },
      ),
      provider:
        provider === undefined ? null : { component: provider.component, module: withoutEnding(provider.module) },
    },
    environmentKeys: environmentKeys.map(({ key, secret, comment }) => ({ key, secret, comment })),
    operations: [],
  });
}

function nameOf(record: OwnershipRecord): string {
  return codeName(record.connector, record.alias);
}

/** What is set up by hand is not ours to change, and a second set-up beside it would be wrong. */
function refuseSecondSetUp(planning: Planning): void {
  const { added, current } = planning;
  for (const { connector, contribution } of added.values()) {
    const { setUp } = contribution;
    if (setUp === undefined || current.some((record) => record.connector === connector)) continue;
    const there = findSetUp(planning, setUp);
    if (there.length === 0) continue;
    const where = there.map(({ file, name }) => `${name} in ${fromRoot(planning, file)}`).join(', ');
    throw new GraftError(
      'cannot_edit',
      `The app sets up ${setUp.module} by itself: ${where}. Take that out, so that ${connector} is not set up twice, then try again.`,
    );
  }
}

/** The records that are there come first, so that a newcomer is the one who is told. */
function refuseTakenKeys(records: readonly OwnershipRecord[]): void {
  const owners = new Map<string, string>();
  for (const record of records) {
    const name = nameOf(record);
    for (const { key } of record.environmentKeys) {
      const owner = owners.get(key);
      if (owner !== undefined) {
        throw new GraftError(
          'environment_key_taken',
          `${owner} and ${name} both want ${key}. Install one of them under an alias.`,
          {
            details: { key, owner, wantedBy: name },
          },
        );
      }
      owners.set(key, name);
    }
  }
}

/** Writes the records whose facts changed; all vanish with the last connector. */
function writeRecords({ draft, current, target, shared }: Planning): void {
  for (const record of target) writeRecord(draft.read(recordPath(record)), printRecord(record), recordPath(record));
  const kept = new Set(target.map(recordPath));
  for (const record of current) if (!kept.has(recordPath(record))) draft.remove(recordPath(record), 'ownership record');
  const operations = target.length === 0 ? [] : shared.all();
  if (operations.length > 0) writeRecord(draft.read(sharedRecord), printSharedOperations(operations), sharedRecord);
  else if (draft.read(sharedRecord) !== undefined) draft.remove(sharedRecord, 'ownership record');

  function writeRecord(there: string | undefined, text: string, path: string): void {
    if (there !== undefined && isDeepStrictEqual(JSON.parse(there), JSON.parse(text))) return;
    draft.write(path, text, 'ownership record');
  }
}

function finish({ draft, manual, notes, facts, appDir }: Planning, input: PlanInput): Plan {
  const files = draft.changes();
  const manifest = appDir === '' ? 'package.json' : `${appDir}/package.json`;
  return {
    status: manual.length > 0 ? 'manual' : files.length > 0 ? 'planned' : 'nothing',
    planHash: hashOf(files),
    files,
    manual,
    changesLock: facts.lockFile !== '' && files.some(({ path }) => path === manifest),
    notes,
    nextSteps: input.add.flatMap(({ contribution }) => contribution.nextSteps),
  };
}

function hashOf(files: readonly PlannedFile[]): string {
  const hash = createHash('sha256');
  for (const { path, mode, before, after } of files) hash.update(`${path}\0${mode}\0${before ?? ''}\0${after ?? ''}\n`);
  return hash.digest('hex');
}
