import { blobId } from './blob.ts';
import { GraftError } from '../contract/errors.ts';
import { type RootEdit, installInRoot, isNameTaken, readRootState, removeFromRoot, rootSnippet } from './edit-root.ts';
import { findImporters } from './find-uses.ts';
import { findRoot } from './find-root.ts';
import { parseModule } from './parse-module.ts';
import { type Planning, fromRoot, isAdded, leaveToPerson } from './planning.ts';
import { printProviders, providersAnchor, providersComponent, providersPath } from './providers-file.ts';
import type { Operation } from './records.ts';
import { withoutEnding } from './specifiers.ts';
import type { WrapAnchor, Wrapped } from './wrap-root.ts';

const rootReason = 'wraps the app in what its connectors need';
const importAnchor = 'import';

/** Brings the aggregated component and its one place in the app's root while a connector has a wrapper, and takes both out after the last. */
export function planRoot(planning: Planning): void {
  const { shared, facts, current, target } = planning;
  const known = shared.all().find(({ anchor }) => anchor === providersAnchor);
  const path = known?.file ?? providersPath(facts);
  const before = printProviders(current, path);
  const after = printProviders(target, path);
  if (after === undefined) {
    if (before === undefined) return;
    removeProviders(planning, path, before, known);
    return removeRoot(planning, withoutEnding(path));
  }
  const bringing = target.some((record) => isAdded(planning, record) && record.wants.provider !== null);
  if (bringing || before !== after) writeProviders(planning, path, before, after, known);
  if (bringing) bringRoot(planning, withoutEnding(path));
}

function writeProviders(
  planning: Planning,
  path: string,
  before: string | undefined,
  after: string,
  known: Operation | undefined,
): void {
  const { draft, shared, notes } = planning;
  const there = draft.read(path);
  const hash = blobId(after);
  if (before === undefined && there !== undefined && there !== after) {
    throw new GraftError(
      'cannot_edit',
      `${fromRoot(planning, path)} is already in the app and is not Graft's. Move it away, then try again.`,
    );
  }
  if (before === undefined) {
    shared.set({
      file: path,
      anchor: providersAnchor,
      state: there === undefined ? 'written' : 'adopted',
      hash,
      replaced: null,
    });
  } else if (there !== undefined && there !== before) {
    if (before === after)
      return void notes.push(`${fromRoot(planning, path)} was changed by people and stays as it is.`);
    if (there !== after)
      notes.push(`${fromRoot(planning, path)} was changed by people and is written anew; the diff shows what goes.`);
  }
  if (known !== undefined) shared.set({ ...known, hash });
  draft.write(path, after, "nests the connectors' wrappers");
}

function removeProviders(planning: Planning, path: string, before: string, known: Operation | undefined): void {
  const { draft, shared, notes } = planning;
  shared.drop(path, providersAnchor);
  const there = draft.problem(path) === undefined ? draft.read(path) : undefined;
  if (there === undefined) return;
  if (known?.state === 'adopted')
    return void notes.push(`${fromRoot(planning, path)} was there before Graft came and stays.`);
  if (there !== before)
    notes.push(`${fromRoot(planning, path)} was changed by people and is deleted; the diff shows what goes.`);
  draft.remove(path, 'no connector has a wrapper any more');
}

function bringRoot(planning: Planning, providers: string): void {
  const { draft, shared, facts } = planning;
  const root = findRoot(draft, facts);
  const { file } = root;
  const edit = root.module === undefined ? root : installInRoot(root.module, root.component, file, providers);
  if ('text' in edit) {
    recordRoot(planning, file, edit);
    return draft.write(file, edit.text, rootReason);
  }
  const module = draft.problem(file) === undefined ? parseModule(file, draft.read(file) ?? '') : undefined;
  const state = module === undefined || 'fault' in module ? undefined : readRootState(module, file, providers);
  const anchors = [importAnchor, 'wrap'];
  for (const anchor of anchors) {
    if (shared.get(file, anchor) === undefined)
      shared.set({ file, anchor, state: 'manual', hash: null, replaced: null });
  }
  if (state?.import && state.element) return;
  const isTaken = module !== undefined && !('fault' in module) && isNameTaken(module, file, providers);
  leaveToPerson(planning, { file, reason: edit.reason, snippet: rootSnippet(file, providers, isTaken) });
}

/** Remembers what was written; what stood there without a record was there before us. */
function recordRoot({ shared }: Planning, file: string, edit: RootEdit): void {
  const known = (anchor: string) => shared.get(file, anchor);
  if (edit.import !== null) {
    shared.set({ file, anchor: importAnchor, state: 'written', hash: blobId(edit.import), replaced: null });
  } else if (known(importAnchor) === undefined)
    shared.set({ file, anchor: importAnchor, state: 'adopted', hash: null, replaced: null });
  if (edit.wrapped !== null) {
    const { anchor, replaced } = edit.wrapped;
    for (const other of ['wrap', 'wrapper']) shared.drop(file, other);
    shared.set({ file, anchor, state: 'written', hash: blobId(`<${providersComponent}>`), replaced });
  } else if (known('wrap') === undefined && known('wrapper') === undefined) {
    shared.set({ file, anchor: 'wrap', state: 'adopted', hash: null, replaced: null });
  }
}

function removeRoot(planning: Planning, providers: string): void {
  const { draft, shared, notes, facts } = planning;
  const operations = shared
    .all()
    .filter(({ anchor }) => anchor === importAnchor || anchor === 'wrap' || anchor === 'wrapper');
  for (const { file, anchor } of operations) shared.drop(file, anchor);
  if (operations.some(({ state }) => state === 'adopted')) {
    return void notes.push(`${providersComponent} was in the app's root before Graft came and stays.`);
  }
  const wrap = operations.find(({ anchor }) => anchor !== importAnchor);
  const wrapped: Wrapped = { anchor: wrap === undefined ? 'wrap' : anchorOf(wrap), replaced: wrap?.replaced ?? null };
  const files = new Set([
    ...findImporters(planning, [providers]),
    ...operations.map(({ file }) => file),
    findRoot(draft, facts).file,
  ]);
  for (const file of files) {
    if (draft.problem(file) !== undefined) continue;
    const text = draft.read(file);
    if (text === undefined || !text.includes(providersComponent)) continue;
    const module = parseModule(file, text);
    const removal =
      'fault' in module
        ? { reason: `it does not parse (${module.fault})` }
        : removeFromRoot(module, file, providers, wrapped);
    if ('reason' in removal) {
      leaveToPerson(planning, {
        file,
        reason: removal.reason,
        snippet: `take out ${providersComponent} and its import`,
      });
      continue;
    }
    for (const tag of removal.changedTags)
      notes.push(`${fromRoot(planning, file)} had ${tag}, which people changed; it goes all the same.`);
    if (removal.otherUses > 0) {
      notes.push(
        `${fromRoot(planning, file)} keeps its import of ${providersComponent}, which is used there in another way too. Take both out.`,
      );
    }
    draft.write(file, removal.text, rootReason);
  }
}

function anchorOf(operation: Operation): WrapAnchor {
  return operation.anchor === 'wrapper' ? 'wrapper' : 'wrap';
}
