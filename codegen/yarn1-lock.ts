import { parseSyml } from '@yarnpkg/parsers';
import {
  type Asked,
  type LockEdge,
  type LockGraph,
  type LockPackage,
  fieldsOf,
  textOr,
  textsOf,
  unreadable,
} from './lock-graph.ts';
import { isSame } from './npm-lock.ts';

const wanted = 'yarn 1';

/** Reads `yarn.lock` of version 1, which does not repeat what `package.json` files ask for; throws `lock_rejected`. */
export function readYarn1Lock(bytes: Uint8Array, whose: string, asked: Asked): LockGraph {
  const entries = parseYarnLock(bytes, whose, wanted);
  const keys = new Map<string, string>();
  for (const [descriptor, entry] of entries) keys.set(descriptor, keyOf(descriptor, entry));
  const edges = (pairs: Iterable<readonly [string, string]>): LockEdge[] =>
    [...pairs].flatMap(([name, specifier]) => {
      const to = keys.get(`${name}@${specifier}`);
      return to === undefined ? [] : [{ name, specifier, to, peer: false }];
    });
  const packages = new Map<string, LockPackage>();
  for (const [descriptor, entry] of entries) {
    const { version, resolved, integrity, dependencies, optionalDependencies, ...facts } = entry;
    const key = keyOf(descriptor, entry);
    const told = {
      name: key.slice(0, key.indexOf('@', 1)),
      version: textOr(version) ?? '',
      address: textOr(resolved),
      integrity: textOr(integrity),
      conditional: false,
      facts: { ...facts, dependencies, optionalDependencies },
      needs: edges([...textsOf(dependencies), ...textsOf(optionalDependencies)]),
    };
    if (!isSame(packages.get(key) ?? told, told)) throw unreadable(whose, `${wanted} (${key} is there in two ways)`);
    packages.set(key, told);
  }
  return {
    head: {},
    importers: new Map([...asked].map(([folder, ranges]) => [folder, { facts: undefined, needs: edges(ranges) }])),
    packages,
    namesAddresses: true,
  };
}

/** Both yarns' syntax; a descriptor that is there twice would be read differently by each reader. */
export function parseYarnLock(bytes: Uint8Array, whose: string, wanted: string): [string, Record<string, unknown>][] {
  const text = Buffer.from(bytes).toString('utf8');
  let parsed: unknown;
  try {
    parsed = parseSyml(text);
  } catch (cause) {
    throw unreadable(whose, wanted, cause);
  }
  const entries = Object.entries(fieldsOf(parsed)).map(([key, entry]): [string, Record<string, unknown>] => [
    key,
    fieldsOf(entry),
  ]);
  const heads = text.match(/^[^\s#].*:[ \t]*\r?$/gm) ?? [];
  if (count(heads) !== count(entries.map(([key]) => key))) throw unreadable(whose, wanted);
  return entries;
}

function count(heads: readonly string[]): number {
  return heads.join(', ').split(', ').length;
}

/** An alias is an entry of the package it stands for. */
function keyOf(descriptor: string, { version }: Record<string, unknown>): string {
  const at = descriptor.indexOf('@', 1);
  const alias = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@|$)/.exec(descriptor.slice(at + 1));
  return `${alias?.[1] ?? descriptor.slice(0, at)}@${textOr(version) ?? ''}`;
}
