import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';
import { bringRoot, removeRoot } from './plan-root.ts';
import { type Planning, fromRoot, isAdded, leaveToPerson } from './planning.ts';
import { printProviders, providersAnchor, providersPath, saysTheSame } from './providers-file.ts';
import type { Operation } from './records.ts';
import { withoutEnding } from './specifiers.ts';

const changedByPeople = 'people changed it, so it is not written anew; bring in what the text below has more or less';

/** Brings the aggregated component and its one place in the app's root while a connector has a wrapper, and takes both out after the last. */
export function planProviders(planning: Planning): void {
  const { shared, facts, current, target } = planning;
  const known = shared.all().find(({ anchor }) => anchor === providersAnchor);
  const path = known?.file ?? providersPath(facts);
  const before = printProviders(current, path, facts);
  const after = printProviders(target, path, facts);
  if (after === undefined) {
    if (before === undefined) return;
    removeFile(planning, path, before, known);
    return removeRoot(planning, withoutEnding(path));
  }
  const bringing = target.some((record) => isAdded(planning, record) && record.wants.provider !== null);
  if (bringing || before !== after) writeFile(planning, path, before, after, known);
  if (bringing) bringRoot(planning, withoutEnding(path));
}

/** A file that only a formatter changed is written anew; what people made of it is theirs to bring up to date. */
function writeFile(
  planning: Planning,
  path: string,
  before: string | undefined,
  after: string,
  known: Operation | undefined,
): void {
  const { draft, shared, notes } = planning;
  const there = draft.read(path);
  const where = fromRoot(planning, path);
  if (there !== undefined && there !== before && there !== after) {
    if (before === undefined) {
      throw new GraftError(
        'cannot_edit',
        `${where} is already in the app and is not Graft's. Move it away, then try again.`,
      );
    }
    const formatted = saysTheSame(there, before);
    if (before === after) {
      if (!formatted) notes.push(`${where} was changed by people and stays as it is.`);
      return;
    }
    if (!formatted) return leaveToPerson(planning, { file: path, reason: changedByPeople, snippet: after });
    notes.push(`${where} was formatted by people and is written anew.`);
  }
  const state = known?.state ?? (before === undefined && there !== undefined ? 'adopted' : 'written');
  shared.set({ file: path, anchor: providersAnchor, state, hash: blobId(after), replaced: null });
  draft.write(path, after, "nests the connectors' wrappers");
}

function removeFile(planning: Planning, path: string, before: string, known: Operation | undefined): void {
  const { draft, shared, notes } = planning;
  shared.drop(path, providersAnchor);
  const there = draft.problem(path) === undefined ? draft.read(path) : undefined;
  const where = fromRoot(planning, path);
  if (there === undefined) return;
  if (known?.state === 'adopted') return void notes.push(`${where} was there before Graft came and stays.`);
  if (!saysTheSame(there, before))
    notes.push(`${where} was changed by people and is deleted; the diff shows what goes.`);
  draft.remove(path, 'no connector has a wrapper any more');
}
