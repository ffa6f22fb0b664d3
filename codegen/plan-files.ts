import { codeName } from '../contract/ids.ts';
import type { AppFacts, OwnedFile } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';
import { findTakenRoute } from './find-taken-route.ts';
import { findImporters, modulesOf } from './find-uses.ts';
import { mergeTexts } from './merge-texts.ts';
import { type Planning, fromRoot, isAdded, leaveToPerson } from './planning.ts';
import { endingIn, endingsOf } from './read-next.ts';
import type { Operation, OwnershipRecord } from './records.ts';
import { generatedPath, stripTypes } from './strip-types.ts';

const fileAnchor = 'file';

/** Writes the files of added connectors, with their operations, and takes out those that no record owns any more. */
export function planFiles(planning: Planning): void {
  const { current, target, added, facts } = planning;
  for (const record of target.filter((one) => isAdded(planning, one))) {
    const name = codeName(record.connector, record.alias);
    const before = current.find((one) => codeName(one.connector, one.alias) === name);
    for (const file of added.get(name)?.contribution.files ?? []) {
      const inLanguage = toAppLanguage(file, facts);
      if (inLanguage === undefined) continue;
      const written = withRouteEnding(planning, inLanguage);
      const known = before?.operations.find((operation) => isFile(operation, written.path));
      record.operations.push(bringFile(planning, written, known));
    }
  }
  const kept = new Set(
    target.flatMap((record) => record.operations.filter(({ anchor }) => anchor === fileAnchor)).map(({ file }) => file),
  );
  const gone = current.flatMap(ownFiles).filter(({ file }) => !kept.has(file));
  for (const operation of gone) removeFile(planning, operation);
  askToTakeOutUses(planning, gone);
}

/** The operations of a record on files that are wholly its own. */
export function ownFiles(record: OwnershipRecord): Operation[] {
  return record.operations.filter(({ anchor }) => anchor === fileAnchor);
}

function bringFile(planning: Planning, file: OwnedFile, known: Operation | undefined): Operation {
  const { draft } = planning;
  const { path, text, purpose, source } = file;
  const hash = blobId(text);
  const there = draft.read(path);
  const operationOf = (state: Operation['state']): Operation => ({
    ...{ file: path, anchor: fileAnchor, state, hash, replaced: null },
    ...(source === 'provider' ? { source } : {}),
  });
  if (there !== undefined && known?.source === 'provider' && source === 'example') {
    askForNeeded(planning, file, there);
    return known;
  }
  if (known === undefined && there !== undefined) {
    if (there === text) return operationOf('adopted');
    throw new GraftError(
      'cannot_edit',
      `${fromRoot(planning, path)} is already in the app and is not Graft's. Move it away, then try again.`,
    );
  }
  if (known === undefined) refuseTakenRoute(planning, path);
  if (known !== undefined && there !== undefined && blobId(there) !== known.hash)
    keepPeoplesEdits(planning, file, { there, known });
  else draft.write(path, text, purpose);
  return operationOf(known?.state ?? 'written');
}

/** An example does not take the place of what the provider told; a person brings in what the code beside it needs besides. */
function askForNeeded(planning: Planning, { path, needed }: OwnedFile, there: string): void {
  const [first = ''] = needed?.split('\n', 1) ?? [];
  if (needed === undefined || there.split('\n').some((line) => line.trim() === first)) return;
  leaveToPerson(planning, {
    file: path,
    reason:
      'the provider told what is in it, and does not tell now what the files beside it need: add this, or write it anew',
    snippet: needed,
  });
}

/** A route of Next.js with the ending that the app gives to routes; a person is asked where it has none for this language. */
function withRouteEnding(planning: Planning, file: OwnedFile): OwnedFile {
  const { facts } = planning;
  const language = /\.([jt]sx?)$/.exec(file.path)?.[1];
  if (facts.framework !== 'next' || language === undefined || !file.path.startsWith(`${facts.routesDir}/`)) return file;
  const ending = endingIn(facts, language);
  if (ending !== undefined) return { ...file, path: file.path.replace(/[jt]sx?$/, ending) };
  const endings = endingsOf(facts).map((one) => `'${one}'`);
  leaveToPerson(planning, {
    file: file.path,
    reason: 'it is no route while the pageExtensions of next.config pass over its ending',
    snippet: `pageExtensions: [${[...endings, `'${language}'`].join(', ')}],`,
  });
  return file;
}

function refuseTakenRoute(planning: Planning, path: string): void {
  const taken = findTakenRoute(planning.draft, planning.facts, path);
  if (taken === undefined) return;
  throw new GraftError(
    'cannot_edit',
    `${fromRoot(planning, taken)} answers the route that ${fromRoot(planning, path)} is for. Move it away, then try again.`,
  );
}

/** A file of ours that people changed: what they did is merged with what is new, or the file stays theirs. */
function keepPeoplesEdits(
  planning: Planning,
  { path, text, purpose, source }: OwnedFile,
  { there, known }: { there: string; known: Operation },
): void {
  const { draft, notes, originals } = planning;
  const named = fromRoot(planning, path);
  if (there === text) return;
  if (known.hash === blobId(text)) return void notes.push(`${named} was changed by people and stays as it is.`);
  // Lines that both wrote for one new thing would merge into two.
  if (source === 'provider')
    return void notes.push(`${named} was changed by people and stays as it is, though the provider tells more now.`);
  const original = known.hash === null ? undefined : originals.get(known.hash);
  const merged = original === undefined ? undefined : mergeTexts(original, there, text);
  if (merged === undefined) {
    leaveToPerson(planning, {
      file: path,
      reason: 'people changed it where it changes now, so it stays as they have it; this is what it would be',
      snippet: text,
    });
    return;
  }
  notes.push(`${named} was changed by people, whose edits are kept.`);
  draft.write(path, merged, purpose);
}

function removeFile(planning: Planning, operation: Operation): void {
  const { draft, notes } = planning;
  const path = fromRoot(planning, operation.file);
  const there = draft.problem(operation.file) === undefined ? draft.read(operation.file) : undefined;
  if (there === undefined) return;
  if (operation.state === 'adopted') return void notes.push(`${path} was there before Graft came and stays.`);
  if (blobId(there) !== operation.hash)
    notes.push(`${path} was changed by people and is deleted; the diff shows what goes.`);
  draft.remove(operation.file, 'no installed connector needs it any more');
}

/** Code of the app that imports a deleted file would not compile: people take it out. */
function askToTakeOutUses(planning: Planning, gone: readonly Operation[]): void {
  const modules = modulesOf(gone.filter(({ state }) => state !== 'adopted').map(({ file }) => file));
  if (modules.length === 0) return;
  for (const file of findImporters(planning, modules)) {
    leaveToPerson(planning, {
      file,
      reason: 'it imports a file that goes',
      snippet: `take out what comes from ${modules.join(', ')}`,
    });
  }
}

/** A file as it is in an app of this language; a file of types only has no counterpart in JavaScript. */
export function toAppLanguage(file: OwnedFile, { language }: Pick<AppFacts, 'language'>): OwnedFile | undefined {
  if (language !== 'javascript') return file;
  if (!/\.tsx?$/.test(file.path)) return file;
  const text = file.path.endsWith('.d.ts') ? '' : stripTypes(file.path, file.text);
  return text.trim() === '' ? undefined : { ...file, path: generatedPath(file.path, 'javascript'), text };
}

function isFile(operation: Operation, path: string): boolean {
  return operation.file === path && operation.anchor === fileAnchor;
}
