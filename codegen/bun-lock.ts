import { type Node, type ParseError, getNodeValue, parseTree } from 'jsonc-parser';
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

const wanted = 'bun 1.2 or newer (a text file named bun.lock)';

/** Reads `bun.lock` (https://bun.com/docs/pm/lockfile), whose keys are places on disk; throws `lock_rejected`. */
export function readBunLock(bytes: Uint8Array, whose: string): LockGraph {
  const { workspaces, packages, ...head } = parseLock(bytes, whose);
  if (!isFields(workspaces) || !(Number(head['lockfileVersion']) >= 0)) throw unreadable(whose, wanted);
  const places = new Map(
    Object.entries(fieldsOf(packages)).filter((pair): pair is [string, unknown[]] => Array.isArray(pair[1])),
  );
  const edges = (from: readonly string[], fields: Record<string, unknown>, sections: readonly string[]): LockEdge[] =>
    sections.flatMap((section) =>
      textsOf(fields[section]).flatMap(([name, specifier]) => {
        const to = findPlace(places, from, name);
        return to === undefined ? [] : [{ name, specifier, to, peer: section === 'peerDependencies' }];
      }),
    );
  const told = new Map<string, LockPackage>();
  for (const [place, entry] of places) {
    const key = textOr(entry[0]) ?? '';
    const at = key.indexOf('@', 1);
    const version = key.slice(at + 1);
    if (version.startsWith('workspace:')) continue;
    const fields = fieldsOf(entry.find(isFields));
    const texts = entry.slice(1).filter((item) => typeof item === 'string');
    const [address, integrity] = texts.length > 1 ? texts : [version, texts[0]];
    addPackage(told, key, {
      name: key.slice(0, at),
      version,
      address: address === '' ? undefined : address,
      integrity,
      conditional: false,
      facts: fields,
      needs: edges(namesOf(place), fields, ['dependencies', 'optionalDependencies', 'peerDependencies']),
    });
    const known = told.get(key);
    if (known?.integrity !== integrity) throw unreadable(whose, `${wanted} (${key} is there in two ways)`);
  }
  const importers = Object.entries(workspaces).map(([folder, workspace]) => {
    const fields = fieldsOf(workspace);
    const {
      dependencies: _,
      devDependencies: __,
      optionalDependencies: ___,
      peerDependencies: ____,
      ...facts
    } = fields;
    const from = folder === '' ? [] : [textOr(fields['name']) ?? ''];
    const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
    return [folder, { facts, needs: edges(from, fields, sections) }] as const;
  });
  return { head, importers: new Map(importers), packages: told, namesAddresses: false };
}

function parseLock(bytes: Uint8Array, whose: string): Record<string, unknown> {
  const errors: ParseError[] = [];
  const root = parseTree(Buffer.from(bytes).toString('utf8'), errors, { allowTrailingComma: true });
  if (root?.type !== 'object' || errors.length > 0 || hasTwins(root)) throw unreadable(whose, wanted);
  return fieldsOf(getNodeValue(root));
}

/** A name that is there twice would be read differently by each reader. */
function hasTwins(node: Node): boolean {
  const children = node.children ?? [];
  const names = node.type === 'object' ? children.map((property) => String(property.children?.[0]?.value)) : [];
  return new Set(names).size < names.length || children.some(hasTwins);
}

/** `a/@s/b` is the `@s/b` below `a`. */
function namesOf(place: string): string[] {
  return place.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
}

/** Looked for upwards, as Node does. */
function findPlace(places: ReadonlyMap<string, unknown[]>, from: readonly string[], name: string): string | undefined {
  for (let depth = from.length; depth >= 0; depth -= 1) {
    const key = textOr(places.get([...from.slice(0, depth), name].join('/'))?.[0]);
    if (key !== undefined) return key.includes('@workspace:') ? undefined : key;
  }
  return undefined;
}
