import { GraftError } from '../contract/errors.ts';

/** A package that another one, or a `package.json`, asks for, and the entry that it gets. */
export interface LockEdge {
  name: string;
  /** As it was asked for; undefined where the lock file does not repeat it. */
  specifier: string | undefined;
  /** Key of the entry, as `name@version`. */
  to: string;
  /** A wish that whoever uses the package may grant. */
  peer: boolean;
}

export interface LockPackage {
  name: string;
  version: string;
  /** Address that the lock file names; undefined where it leaves that to the registry. */
  address: string | undefined;
  integrity: string | undefined;
  /** Of other platforms only: nothing was fetched, so there is nothing to hash. */
  conditional: boolean;
  /** What else is said of it, to be compared. */
  facts: unknown;
  needs: readonly LockEdge[];
}

/**
 * A lock file as a list of packages by `name@version`, wherever they are put on disk: what pnpm, yarn and bun write.
 * Packages of the repository itself are no entries.
 */
export interface LockGraph {
  /** Everything but packages and what `package.json` files ask for. */
  head: Readonly<Record<string, unknown>>;
  /** By folder of their `package.json`, relative to the lock file; empty for its own. */
  importers: ReadonlyMap<string, { facts: unknown; needs: readonly LockEdge[] }>;
  packages: ReadonlyMap<string, LockPackage>;
  /** Each entry must say where it is fetched. */
  namesAddresses: boolean;
}

/** What `package.json` files ask for, by folder and name, where the lock file does not say it itself. */
export type Asked = ReadonlyMap<string, ReadonlyMap<string, string>>;

type Fields = Record<string, unknown>;

/** The one refusal of a lock file that cannot be read. */
export function unreadable(whose: string, wanted: string, cause?: unknown): GraftError {
  return new GraftError(
    'lock_rejected',
    `The lock file of ${whose} is not one of ${wanted}: let that write it again and commit it.`,
    cause === undefined ? {} : { cause },
  );
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function textsOf(value: unknown): [string, string][] {
  return Object.entries(fieldsOf(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}

export function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Adds an entry, or what a further telling of the same package needs. */
export function addPackage(packages: Map<string, LockPackage>, key: string, entry: LockPackage): void {
  const known = packages.get(key);
  packages.set(key, known === undefined ? entry : { ...known, needs: [...known.needs, ...entry.needs] });
}
