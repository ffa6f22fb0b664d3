import { printAbsentRoot } from './absent-root.ts';
import { blobId } from './blob.ts';
import { type RootEdit, installInRoot, isNameTaken, readRootState, removeFromRoot, rootSnippet } from './edit-root.ts';
import { findRoot } from './find-root.ts';
import { findImporters } from './find-uses.ts';
import { type ParsedModule, parseModule } from './parse-module.ts';
import { type Planning, fromRoot, leaveToPerson } from './planning.ts';
import { providersComponent, saysTheSame } from './providers-file.ts';
import type { Wrapped } from './wrap-root.ts';

const reason = 'wraps the app in what its connectors need';
const importAnchor = 'import';
const madeAnchor = 'file';
const wrapAnchors: readonly string[] = ['wrap', 'wrapper'] satisfies Wrapped['anchor'][];

/** Brings the import and the element of the aggregated component (`providers`: its path without ending) into the app's root. */
export function bringRoot(planning: Planning, providers: string): void {
  const { draft, facts } = planning;
  const root = findRoot(draft, facts);
  const { file } = root;
  const isAbsent = root.module === undefined && root.isAbsent === true;
  if (isAbsent && facts.router === 'next-pages') return makeRoot(planning, file, providers);
  const edit = root.module === undefined ? root : installInRoot(root.module, root.place, file, providers);
  if ('text' in edit) {
    recordRoot(planning, file, edit);
    draft.write(file, edit.text, reason);
    return facts.framework === 'next' ? notePages(planning) : noteVariants(planning, file);
  }
  for (const anchor of [importAnchor, 'wrap']) {
    if (planning.shared.get(file, anchor) === undefined) {
      planning.shared.set({ file, anchor, state: 'manual', hash: null, replaced: null });
    }
  }
  const module = parse(planning, file);
  const state = module === undefined ? undefined : readRootState(module, file, providers);
  if (state?.import && state.element) return;
  const isTaken = module !== undefined && isNameTaken(module, file, providers);
  const around = facts.router === 'next-app' ? 'all that <body> holds' : 'what the root component returns';
  const snippet = isAbsent ? printAbsentRoot(facts, file, providers) : rootSnippet(file, providers, around, isTaken);
  leaveToPerson(planning, { file, reason: edit.reason, snippet });
}

/** Writes the root file that the pages router of Next.js does without; the removal deletes it again. */
function makeRoot({ draft, shared, facts }: Planning, file: string, providers: string): void {
  const text = printAbsentRoot(facts, file, providers);
  for (const anchor of [madeAnchor, importAnchor, 'wrap'])
    shared.set({ file, anchor, state: 'written', hash: blobId(text), replaced: null });
  draft.write(file, text, reason);
}

/** Takes import and element out, wherever people have moved them; what was there before us stays. */
export function removeRoot(planning: Planning, providers: string): void {
  const { draft, shared, notes, facts } = planning;
  const operations = shared.all().filter(({ anchor }) => anchor === importAnchor || wrapAnchors.includes(anchor));
  for (const { file, anchor } of operations) shared.drop(file, anchor);
  const wrap = operations.find(({ anchor }) => anchor !== importAnchor);
  if (wrap?.state === 'adopted') {
    return void notes.push(`${providersComponent} was in the app's root before Graft came and stays.`);
  }
  const wrapped: Wrapped = {
    anchor: wrap?.anchor === 'wrapper' ? 'wrapper' : 'wrap',
    replaced: wrap?.replaced ?? null,
  };
  const keepImport = operations.some(({ anchor, state }) => anchor === importAnchor && state === 'adopted');
  const importers = findImporters(planning, [providers]);
  for (const file of new Set([...importers, ...operations.map((one) => one.file), findRoot(draft, facts).file])) {
    const text = draft.problem(file) === undefined ? draft.read(file) : undefined;
    const wasMade = shared.get(file, madeAnchor) !== undefined;
    shared.drop(file, madeAnchor);
    if (text === undefined || !text.includes(providersComponent)) continue;
    if (wasMade && saysTheSame(text, printAbsentRoot(facts, file, providers))) {
      draft.remove(file, reason);
      continue;
    }
    const module = parse(planning, file);
    const removal =
      module === undefined
        ? { reason: 'it does not parse' }
        : removeFromRoot(module, file, providers, { wrapped, keepImport });
    if ('reason' in removal) {
      leaveToPerson(planning, {
        file,
        reason: removal.reason,
        snippet: `take out ${providersComponent} and its import`,
      });
      continue;
    }
    const where = fromRoot(planning, file);
    for (const tag of removal.changedTags)
      notes.push(`${where} had ${tag}, which people changed; it goes all the same.`);
    if (removal.otherUses > 0) {
      notes.push(
        `${where} keeps its import of ${providersComponent}, which it uses in another way too. Take both out.`,
      );
    }
    draft.write(file, removal.text, reason);
  }
}

/** Remembers what was written; what stood there without a record was there before us. */
function recordRoot({ shared }: Planning, file: string, edit: RootEdit): void {
  if (edit.import !== null) {
    shared.set({ file, anchor: importAnchor, state: 'written', hash: blobId(edit.import), replaced: null });
  } else if (shared.get(file, importAnchor) === undefined) {
    shared.set({ file, anchor: importAnchor, state: 'adopted', hash: null, replaced: null });
  }
  if (edit.wrapped !== null) {
    const { anchor, replaced } = edit.wrapped;
    for (const other of wrapAnchors) shared.drop(file, other);
    shared.set({ file, anchor, state: 'written', hash: blobId(`<${providersComponent}>`), replaced });
  } else if (wrapAnchors.every((anchor) => shared.get(file, anchor) === undefined)) {
    shared.set({ file, anchor: 'wrap', state: 'adopted', hash: null, replaced: null });
  }
}

/** Metro takes `App.web.tsx` in place of `App.tsx` on the web, and so on for other platforms. */
function noteVariants(planning: Planning, file: string): void {
  const { draft, notes } = planning;
  const stem = file.replace(/\.[jt]sx?$/, '');
  for (const path of draft.paths().filter((one) => one.startsWith(`${stem}.`))) {
    const platform = /^\.(web|native|ios|android)\.[jt]sx?$/.exec(path.slice(stem.length))?.[1];
    if (platform === undefined || draft.problem(path) !== undefined || draft.read(path)?.includes(providersComponent))
      continue;
    const where = fromRoot(planning, path);
    notes.push(
      `${where} takes the place of ${file} on ${platform} and is not wrapped. Wrap it in <${providersComponent}> too.`,
    );
  }
}

/** An app may have pages beside its app router, which render below an `_app` of their own. */
function notePages({ draft, notes, facts, appDir }: Planning): void {
  if (facts.router !== 'next-app') return;
  const folder = `${facts.routesDir.slice(0, -'app'.length)}pages/`;
  const pages = draft.paths().filter((path) => path.startsWith(folder) && /\.[jt]sx?$/.test(path));
  const shown = pages.filter((path) => !path.startsWith(`${folder}api/`) && !/\/_document\./.test(path));
  const app = pages.find((path) => path.startsWith(`${folder}_app.`));
  if (
    shown.length === 0 ||
    (app !== undefined && draft.problem(app) === undefined && draft.read(app)?.includes(providersComponent))
  )
    return;
  const where = [appDir, `${folder}_app`].filter((part) => part !== '').join('/');
  notes.push(`Pages of ${folder} render outside of the root layout. Wrap ${where} in <${providersComponent}> too.`);
}

function parse({ draft }: Planning, file: string): ParsedModule | undefined {
  const text = draft.problem(file) === undefined ? draft.read(file) : undefined;
  const module = text === undefined ? undefined : parseModule(file, text);
  return module === undefined || 'fault' in module ? undefined : module;
}
