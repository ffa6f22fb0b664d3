import {
  type LockEdge,
  type LockGraph,
  type LockPackage,
  fieldsOf,
  textOr,
  textsOf,
  unreadable,
} from './lock-graph.ts';
import { parseYarnLock } from './yarn1-lock.ts';

const wanted = 'yarn 3 or newer';

/** Reads `yarn.lock` of yarn 3 and newer (https://yarnpkg.com/advanced/lexicon#descriptor); throws `lock_rejected`. */
export function readYarnLock(bytes: Uint8Array, whose: string): LockGraph {
  const entries = new Map(parseYarnLock(bytes, whose, wanted));
  const metadata = entries.get('__metadata');
  if (metadata === undefined || !(Number(metadata['version']) >= 6)) throw unreadable(whose, wanted);
  entries.delete('__metadata');
  const keys = new Map<string, string>();
  for (const [descriptors, { resolution }] of entries)
    for (const descriptor of descriptors.split(', ')) keys.set(descriptor, textOr(resolution) ?? '');
  const patches = patchesOf(keys);
  const packages = new Map<string, LockPackage>();
  const importers = new Map<string, { facts: unknown; needs: LockEdge[] }>();
  for (const [descriptors, entry] of entries) {
    const { version, resolution, dependencies, checksum, conditions, ...facts } = entry;
    const key = textOr(resolution) ?? '';
    const needs = textsOf(dependencies).flatMap(([name, specifier]): LockEdge[] =>
      [`${name}@${specifier}`, ...(patches.get(`${name}@${specifier}`) ?? [])].flatMap((descriptor) => {
        const to = keys.get(descriptor);
        return to === undefined || to.includes('@workspace:') ? [] : [{ name, specifier, to, peer: false }];
      }),
    );
    const folder = /^(?:@[^/@]+\/)?[^/@]+@workspace:(.+)$/.exec(key)?.[1];
    if (folder !== undefined) {
      importers.set(folder === '.' ? '' : folder, { facts: { version, ...facts }, needs });
      continue;
    }
    if (packages.has(key)) throw unreadable(whose, `${wanted} (${key} is there twice)`);
    const at = key.indexOf('@', 1);
    packages.set(key, {
      name: key.slice(0, at),
      version: textOr(version) ?? '',
      address: addressOf(key.slice(at + 1), textOr(version) ?? ''),
      integrity: textOr(checksum),
      conditional: conditions !== undefined,
      facts: { ...facts, dependencies, conditions, isPatch: key.slice(at).startsWith('@patch:') || undefined },
      needs,
    });
    if (descriptors === '') throw unreadable(whose, wanted);
  }
  return { head: fieldsOf(metadata), importers, packages, namesAddresses: false };
}

/** yarn patches some packages by itself, and the entry of the patch is asked for by nobody under its own name. */
function patchesOf(keys: ReadonlyMap<string, string>): Map<string, string[]> {
  const patches = new Map<string, string[]>();
  for (const descriptor of keys.keys()) {
    const encoded = /^(?:@[^/@]+\/)?[^/@]+@patch:([^#]+)#/.exec(descriptor)?.[1];
    if (encoded === undefined) continue;
    const patched = decodeURIComponent(encoded);
    patches.set(patched, [...(patches.get(patched) ?? []), descriptor]);
  }
  return patches;
}

/** `npm:<version>` is the registry's, maybe by an address behind it; a built-in patch adds nothing to fetch. */
function addressOf(reference: string, version: string): string | undefined {
  if (reference === `npm:${version}`) return undefined;
  const archive = /^npm:([^:]+)::__archiveUrl=([^&]+)$/.exec(reference);
  if (archive?.[1] === version) return decodeURIComponent(archive[2] ?? '');
  if (/^patch:[^#]+@npm%3A[^#]+#(?:optional!)?builtin<compat\/\w+>(?:::.*)?$/.test(reference)) return undefined;
  return reference;
}
