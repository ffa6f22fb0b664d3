import semver from 'semver';
import { GraftError } from '../contract/errors.ts';
import { blobId } from './blob.ts';
import {
  type JsonDocument,
  checkEdit,
  insertItem,
  nodeAt,
  parseJson,
  removeItem,
  replaceValue,
  valueAt,
} from './edit-json.ts';
import { findUses } from './find-uses.ts';
import { compareText, insertionIndex } from './order.ts';
import { type Planning, fromRoot, isAdded } from './planning.ts';
import type { OwnershipRecord } from './records.ts';

const file = 'package.json';
const reason = 'packages that connectors need';
const sections = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** Brings the packages that the target's records want, and takes out those that only removed ones wanted; what was there before stays. */
export function planPackages(planning: Planning): void {
  const before = wantedRanges(planning.current);
  const after = wantedRanges(planning.target);
  const added = wantedRanges(planning.target.filter((record) => isAdded(planning, record)));
  for (const name of [...new Set([...before.keys(), ...after.keys()])].toSorted(compareText)) {
    const range = after.get(name);
    if (range === undefined) removePackage(planning, name, before.get(name) ?? '');
    else if (added.has(name) || before.get(name) !== range) bringPackage(planning, name, range, before.get(name));
  }
}

/** The range of each wanted package; where connectors differ, the one that asks for the newest. */
export function wantedRanges(records: readonly OwnershipRecord[]): ReadonlyMap<string, string> {
  const ranges = new Map<string, string>();
  for (const { name, range } of records.flatMap((record) => record.wants.packages)) {
    const other = ranges.get(name);
    if (other === undefined || compareRanges(range, other) > 0) ranges.set(name, range);
  }
  return ranges;
}

/** The section and range under which package.json names a package, undefined when it does not. */
export function findPackage(document: JsonDocument, name: string): { section: string; range: string } | undefined {
  for (const section of sections) {
    const range = valueAt(document, [section, name]);
    if (typeof range === 'string') return { section, range };
  }
  return undefined;
}

/** Does package.json name a package as it stands? */
export function hasPackage(planning: Planning, name: string): boolean {
  return findPackage(readManifest(planning), name) !== undefined;
}

function bringPackage(planning: Planning, name: string, range: string, before: string | undefined): void {
  const { shared, draft } = planning;
  const document = readManifest(planning);
  const anchor = packageAnchor(name);
  const present = findPackage(document, name);
  const operation = shared.get(file, anchor);
  if (present === undefined) {
    refuseOddEntry(planning, document, name);
    const names = packageNames(document);
    const isOurs = (other: string) => shared.get(file, packageAnchor(other))?.state === 'written';
    const text = insertItem(document, ['dependencies'], insertionIndex(names, name, isOurs), { name, value: range });
    draft.write(file, checkEdit(file, document, text, ['dependencies', name], range), reason);
    shared.set({ file, anchor, state: 'written', hash: blobId(range), replaced: null });
    return;
  }
  if (operation?.state !== 'written') {
    if (operation === undefined) shared.set({ file, anchor, state: 'adopted', hash: null, replaced: present.range });
    noteAdopted(planning, name, range, present);
    return;
  }
  if (present.range === range) return;
  if (present.range !== before) {
    planning.notes.push(
      `${name} was set to ${present.range} in package.json by people and stays; Graft would set ${range}.`,
    );
    return;
  }
  const path = [present.section, name];
  draft.write(file, checkEdit(file, document, replaceValue(document, path, range), path, range), reason);
  shared.set({ ...operation, hash: blobId(range) });
}

function removePackage(planning: Planning, name: string, range: string): void {
  const { shared, notes, draft } = planning;
  const operation = shared.get(file, packageAnchor(name));
  shared.drop(file, packageAnchor(name));
  const document = readManifest(planning);
  const present = findPackage(document, name);
  if (present === undefined) return;
  if (operation?.state === 'adopted')
    return void notes.push(`${name} was in package.json before Graft came and stays.`);
  const users = findUses(planning, name);
  if (users.length > 0)
    return void notes.push(`${name} stays in package.json because the app uses it too: ${users.join(', ')}.`);
  if (present.section !== 'dependencies') {
    return void notes.push(`${name} was moved to ${present.section} in package.json by people and stays there.`);
  }
  if (present.range !== range)
    notes.push(`${name} had been set to ${present.range} in package.json by people; it goes all the same.`);
  const text = removeItem(document, ['dependencies'], packageNames(document).indexOf(name), '{}');
  draft.write(file, checkEdit(file, document, text, ['dependencies', name], undefined), reason);
}

function refuseOddEntry(planning: Planning, document: JsonDocument, name: string): void {
  if (sections.every((section) => nodeAt(document, [section, name]) === undefined)) return;
  throw new GraftError(
    'cannot_edit',
    `${fromRoot(planning, file)} sets ${name} to something that is no version. Set a version or take it out, then try again.`,
  );
}

function noteAdopted(
  planning: Planning,
  name: string,
  range: string,
  present: { section: string; range: string },
): void {
  const ranges = [range, present.range];
  const fits =
    present.range === range ||
    (ranges.every((one) => semver.validRange(one) !== null) && semver.intersects(present.range, range));
  if (!fits)
    planning.notes.push(
      `package.json had ${name} ${present.range} before and keeps it; Graft was tested with ${range}.`,
    );
  if (present.section !== 'dependencies')
    planning.notes.push(`${name} was under ${present.section} in package.json before and stays there.`);
}

function compareRanges(a: string, b: string): number {
  const [lowestA, lowestB] = [a, b].map((range) =>
    semver.validRange(range) === null ? null : semver.minVersion(range),
  );
  return (lowestA && lowestB ? semver.compare(lowestA, lowestB) : 0) || compareText(a, b);
}

function packageNames(document: JsonDocument): string[] {
  return (nodeAt(document, ['dependencies'])?.children ?? []).map((property) => String(property.children?.[0]?.value));
}

function packageAnchor(name: string): string {
  return `dependencies.${name}`;
}

function readManifest(planning: Planning): JsonDocument {
  const document = parseJson(planning.draft.read(file) ?? '');
  if (document?.root.type === 'object') return document;
  throw new GraftError('cannot_edit', 'package.json does not parse. Repair it, then try again.');
}
