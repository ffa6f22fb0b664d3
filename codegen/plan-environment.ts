import { codeName } from '../contract/ids.ts';
import { blobId } from './blob.ts';
import { type ExampleKey, addKey, isKeyChanged, namesKey, printKey, removeKey } from './edit-environment.ts';
import { type Planning, isAdded, leaveToPerson } from './planning.ts';
import type { Operation, OwnershipRecord } from './records.ts';

const file = '.env.example';
const reason = 'names of the values that connectors read';
const uneditable = 'it cannot be edited without changing how the rest of it reads';

/** Names the environment keys of added connectors in `.env.example`, with their operations, and takes out those that no record names any more. */
export function planEnvironment(planning: Planning): void {
  const { current, target, shared } = planning;
  const kept = new Set(target.flatMap((record) => record.environmentKeys.map(({ key }) => key)));
  for (const record of current) {
    for (const gone of record.environmentKeys) if (!kept.has(gone.key)) removeExample(planning, record, gone);
  }
  for (const record of target.filter((one) => isAdded(planning, one))) {
    const name = codeName(record.connector, record.alias);
    const before = current.find((one) => codeName(one.connector, one.alias) === name);
    for (const wanted of record.environmentKeys) {
      const known = before?.operations.find((operation) => isFor(operation, wanted));
      record.operations.push(bringExample(planning, wanted, known));
    }
  }
  if (kept.size === 0) shared.drop(file, 'file');
}

function bringExample(planning: Planning, wanted: ExampleKey, known: Operation | undefined): Operation {
  const { draft, shared } = planning;
  const text = readExample(planning);
  if (text !== undefined && namesKey(text, wanted.key)) {
    return known ?? { file, anchor: wanted.key, state: 'adopted', hash: null, replaced: null };
  }
  const added = draft.problem(file) === undefined ? addKey(text ?? '', wanted, ourKeys(planning)) : undefined;
  if (added === undefined) {
    leaveToPerson(planning, { file, reason: uneditable, snippet: printKey(wanted) });
    return { file, anchor: wanted.key, state: 'manual', hash: null, replaced: null };
  }
  if (text === undefined) shared.set({ file, anchor: 'file', state: 'written', hash: null, replaced: null });
  draft.write(file, added, reason);
  return { file, anchor: wanted.key, state: 'written', hash: blobId(printKey(wanted)), replaced: null };
}

function removeExample(planning: Planning, record: OwnershipRecord, gone: ExampleKey): void {
  const { draft, shared, notes } = planning;
  const text = readExample(planning);
  if (text === undefined || !namesKey(text, gone.key)) return;
  if (record.operations.find((operation) => isFor(operation, gone))?.state === 'adopted') {
    notes.push(`${gone.key} was in ${file} before Graft came and stays.`);
    return;
  }
  if (isKeyChanged(text, gone)) notes.push(`${gone.key} in ${file} had been changed by people; it goes all the same.`);
  const without = removeKey(text, gone);
  if (without === undefined) leaveToPerson(planning, { file, reason: uneditable, snippet: `take out ${gone.key}` });
  else if (without.trim() === '' && shared.get(file, 'file') !== undefined) draft.remove(file, reason);
  else draft.write(file, without, reason);
}

function readExample({ draft }: Planning): string | undefined {
  return draft.problem(file) === undefined ? draft.read(file) : undefined;
}

/** Keys that connectors wrote into the file. */
function ourKeys({ current, target }: Planning): ExampleKey[] {
  return [...current, ...target].flatMap((record) =>
    record.environmentKeys.filter((key) => record.operations.some((one) => isFor(one, key) && one.state === 'written')),
  );
}

function isFor(operation: Operation, { key }: ExampleKey): boolean {
  return operation.file === file && operation.anchor === key;
}
