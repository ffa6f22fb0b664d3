import type { ManualStep, ProjectFacts, WantedConnector } from '../contract/codegen.ts';
import { codeName } from '../contract/ids.ts';
import type { Draft } from './draft.ts';
import type { Operation, OwnershipRecord } from './records.ts';

/** A plan in the making: each part of it reads the records before and after, edits the draft, and keeps its operations. */
export interface Planning {
  draft: Draft;
  facts: ProjectFacts;
  appDir: string;
  /** The records at the base commit, and those that the plan ends with; both in order of code name. */
  current: readonly OwnershipRecord[];
  target: readonly OwnershipRecord[];
  /** What is being added, by code name. */
  added: ReadonlyMap<string, WantedConnector>;
  shared: SharedOperations;
  originals: ReadonlyMap<string, string>;
  manual: ManualStep[];
  notes: string[];
}

/** Operations on things that several connectors share, by file and anchor. */
export interface SharedOperations {
  get(file: string, anchor: string): Operation | undefined;
  set(operation: Operation): void;
  drop(file: string, anchor: string): void;
  all(): Operation[];
}

export function collectShared(operations: readonly Operation[]): SharedOperations {
  const key = (file: string, anchor: string) => `${file}\n${anchor}`;
  const byKey = new Map(operations.map((operation) => [key(operation.file, operation.anchor), operation]));
  return {
    get: (file, anchor) => byKey.get(key(file, anchor)),
    set: (operation) => void byKey.set(key(operation.file, operation.anchor), operation),
    drop: (file, anchor) => void byKey.delete(key(file, anchor)),
    all: () => [...byKey.values()],
  };
}

/** Is this record of a connector that is being added? */
export function isAdded(planning: Planning, record: OwnershipRecord): boolean {
  return planning.added.has(codeName(record.connector, record.alias));
}

/** A path of the app as people and code hosts name it: from the repository's root. */
export function fromRoot(planning: Planning, file: string): string {
  return planning.appDir === '' ? file : `${planning.appDir}/${file}`;
}

/** Leaves an edit to a person; what is for the same file and reason becomes one step. */
export function leaveToPerson(planning: Planning, step: ManualStep): void {
  const { manual } = planning;
  const file = fromRoot(planning, step.file);
  const index = manual.findIndex((other) => other.file === file && other.reason === step.reason);
  const other = manual[index];
  if (other === undefined) manual.push({ ...step, file });
  else manual[index] = { ...other, snippet: `${other.snippet}\n${step.snippet}` };
}
