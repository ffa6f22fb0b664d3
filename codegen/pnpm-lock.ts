import { parseAllDocuments } from 'yaml';
import {
  type LockEdge,
  type LockGraph,
  type LockPackage,
  addPackage,
  fieldsOf,
  isFields,
  textOr,
  textsOf,
  unreadable,
} from './lock-graph.ts';

const wanted = 'pnpm 9 or newer';

/** Reads `pnpm-lock.yaml` of version 9 (https://github.com/pnpm/spec/blob/master/lockfile/9.0.md); throws `lock_rejected`. */
export function readPnpmLock(bytes: Uint8Array, whose: string): LockGraph {
  const { importers, packages, snapshots, ...head } = parseLock(bytes, whose);
  if (!String(head['lockfileVersion']).startsWith('9.')) throw unreadable(whose, wanted);
  const peers = new Map(
    Object.entries(fieldsOf(packages)).map(([key, entry]) => [
      key,
      new Set(textsOf(fieldsOf(entry)['peerDependencies']).map(([name]) => name)),
    ]),
  );
  const told = new Map<string, LockPackage>();
  for (const [key, entry] of Object.entries(fieldsOf(packages))) told.set(key, packageOf(key, fieldsOf(entry)));
  for (const [path, snapshot] of Object.entries(fieldsOf(snapshots))) {
    const key = withoutPeers(path);
    const { dependencies, optionalDependencies } = fieldsOf(snapshot);
    const needs = [...textsOf(dependencies), ...textsOf(optionalDependencies)].flatMap(([name, version]) =>
      edge(name, undefined, version, peers.get(key)?.has(name) === true),
    );
    addPackage(told, key, { ...(told.get(key) ?? packageOf(key, {})), needs });
  }
  return {
    head,
    importers: new Map(
      Object.entries(fieldsOf(importers)).map(([folder, importer]) => [
        folder === '.' ? '' : folder,
        importerOf(fieldsOf(importer)),
      ]),
    ),
    packages: told,
    namesAddresses: false,
  };
}

/**
 * Since version 11 a document of pnpm's own, with the version that it pins for itself, can stand before the lock file
 * (https://pnpm.io/lockfile): no plan changes it.
 */
function parseLock(bytes: Uint8Array, whose: string): Record<string, unknown> {
  const text = Buffer.from(bytes).toString('utf8');
  const documents = parseDocuments(text, whose);
  const lock = documents.at(-1);
  // pnpm itself looks for the first document by this line.
  const isReadAlike = documents.length === 1 || (documents.length === 2 && text.startsWith('---\n'));
  if (!isReadAlike || !isFields(lock)) throw unreadable(whose, wanted);
  return documents.length === 1 ? lock : { ...lock, "pnpm's own document": documents[0] };
}

function parseDocuments(text: string, whose: string): unknown[] {
  try {
    return parseAllDocuments(text).map((document): unknown => {
      if (document.errors[0] !== undefined) throw document.errors[0];
      return document.toJS();
    });
  } catch (cause) {
    throw unreadable(whose, wanted, cause);
  }
}

function importerOf(importer: Record<string, unknown>): { facts: unknown; needs: LockEdge[] } {
  const { dependencies, devDependencies, optionalDependencies, ...facts } = importer;
  const needs = [dependencies, devDependencies, optionalDependencies].flatMap((section) =>
    Object.entries(fieldsOf(section)).flatMap(([name, entry]) => {
      const { specifier, version } = fieldsOf(entry);
      return edge(name, textOr(specifier), textOr(version) ?? '', false);
    }),
  );
  return { facts, needs };
}

function packageOf(key: string, { resolution, ...facts }: Record<string, unknown>): LockPackage {
  const at = key.indexOf('@', 1);
  const { integrity, tarball, ...other } = fieldsOf(resolution);
  // A folder, a git repository, a binary: whatever it is, it is not the registry's.
  const address = textOr(tarball) ?? (Object.keys(other).length === 0 ? undefined : JSON.stringify(other));
  return {
    name: key.slice(0, at),
    version: key.slice(at + 1),
    address,
    integrity: textOr(integrity),
    conditional: false,
    facts,
    needs: [],
  };
}

/** A reference is a version, with the peers it was built for behind it, or such a version behind another name. */
function edge(name: string, specifier: string | undefined, reference: string, peer: boolean): LockEdge[] {
  if (reference === '' || reference.startsWith('link:')) return [];
  const bare = withoutPeers(reference);
  const isKey = /^(?:@[^/@]+\/)?[^@:]+@/.test(bare);
  return [{ name, specifier, to: isKey ? bare : `${name}@${bare}`, peer }];
}

function withoutPeers(path: string): string {
  const open = path.indexOf('(');
  return open === -1 ? path : path.slice(0, open);
}
