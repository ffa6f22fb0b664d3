import semver from 'semver';
import type { LockEdge, LockGraph, LockPackage } from './lock-graph.ts';
import { rejected } from './lock-rejected.ts';
import { dependencySections, isSame } from './npm-lock.ts';
import { type Manifests, type Touched, readManifest, sectionOf, touchedDependencies } from './touched.ts';

interface AcceptGraphInput {
  before: LockGraph;
  after: LockGraph;
  manifests: { base: Manifests; result: Manifests };
  hosts: readonly string[];
}

/** `sha512-…` as the registry has it, or yarn's own hash behind the number of its format. */
const integrityShape = /^(?:sha\d+-[\w+/]+=*(?: sha\d+-[\w+/]+=*)*|(?:\w+\/)?[\da-f]{128})$/;

/**
 * Accepts a lock file that lists packages by name and version. What was there stays as it is and gets the same as before;
 * what comes or goes is needed by a dependency that the plan touches. Throws `lock_rejected`.
 */
export function acceptGraph({ before, after, manifests, hosts }: AcceptGraphInput): void {
  for (const key of new Set([...Object.keys(before.head), ...Object.keys(after.head)]))
    if (!isSame(before.head[key], after.head[key])) throw rejected(`"${key}" at the top of the lock file changed.`);
  const touched = touchedDependencies(manifests);
  acceptImporters(before, after, manifests.result, touched);
  const concerned = new Set([...reachedFrom(touched, before, after), ...reachedFrom(touched, after, before)]);
  const origins = originsOf(before, hosts);
  for (const key of new Set([...before.packages.keys(), ...after.packages.keys()])) {
    const [old, now] = [before.packages.get(key), after.packages.get(key)];
    if (old !== undefined && now !== undefined) acceptKept(key, old, now, concerned);
    else if (!concerned.has(key))
      throw rejected(`${key} changed, and belongs to no dependency that this plan touches.`);
    else if (now !== undefined) acceptNew(key, now, after, origins);
  }
  acceptAsked(before, after, isOverridden(manifests.result));
}

/** What the plan touches is as `package.json` says it, and everything else that is asked for is as before. */
function acceptImporters(before: LockGraph, after: LockGraph, manifests: Manifests, touched: readonly Touched[]): void {
  const overridden = isOverridden(manifests);
  for (const folder of new Set([...before.importers.keys(), ...after.importers.keys()])) {
    const title = folder === '' ? 'the root package' : folder;
    const [old, now] = [before.importers.get(folder), after.importers.get(folder)];
    if (old === undefined || now === undefined) throw rejected(`The entry of ${title} came or went.`);
    if (!isSame(old.facts, now.facts)) throw rejected(`The entry of ${title} changed.`);
    const own = new Set(touched.filter((dependency) => dependency.folder === folder).map(({ name }) => name));
    const others = (needs: readonly LockEdge[]) => needs.filter(({ name }) => !own.has(name));
    const moved = difference(others(old.needs), others(now.needs))[0];
    if (moved !== undefined) throw rejected(`${moved.name} of ${title} changed, and this plan does not touch it.`);
    for (const name of own) {
      const manifest = readManifest(manifests, folder);
      const range = dependencySections.map((section) => sectionOf(manifest, section)[name]).find(Boolean);
      const needed = sectionOf(manifest, 'dependencies')[name] ?? sectionOf(manifest, 'devDependencies')[name];
      const need = now.needs.find((edge) => edge.name === name);
      if (range === undefined && need !== undefined)
        throw rejected(`${name} is in the lock file, and not in package.json.`);
      if (needed !== undefined && need === undefined)
        throw rejected(`${name} is in package.json, and not in the lock file.`);
      if (need?.specifier !== undefined && plain(need.specifier) !== plain(range ?? '') && !overridden)
        throw rejected(`The entry of ${title} does not say what its package.json says of ${name}.`);
    }
  }
}

/** With these in `package.json` the ranges do not say what is meant. */
function isOverridden(manifests: Manifests): boolean {
  const manifest = readManifest(manifests, '');
  return ['overrides', 'resolutions', 'pnpm'].some((key) => manifest[key] !== undefined);
}

/** Keys of what touched dependencies get, going on only through entries that the other lock file has not. */
function reachedFrom(touched: readonly Touched[], lock: LockGraph, other: LockGraph): Set<string> {
  const waiting = touched.flatMap(({ folder, name }) =>
    (lock.importers.get(folder)?.needs ?? []).filter((edge) => edge.name === name).map(({ to }) => to),
  );
  const reached = new Set<string>();
  for (const key of waiting) {
    if (reached.has(key)) continue;
    reached.add(key);
    if (!other.packages.has(key)) waiting.push(...(lock.packages.get(key)?.needs ?? []).map(({ to }) => to));
  }
  return reached;
}

/** A package that was there: only a wish of it may now be granted by what came, or no more by what went. */
function acceptKept(key: string, old: LockPackage, now: LockPackage, concerned: ReadonlySet<string>): void {
  if (old.integrity !== now.integrity) throw rejected(`${key} has another integrity than it had.`);
  if (old.address !== now.address) throw rejected(`${key} comes from another address than it did.`);
  if (old.conditional !== now.conditional || !isSame(old.facts, now.facts)) throw rejected(`${key} changed.`);
  for (const edge of difference(old.needs, now.needs))
    if (!edge.peer || !concerned.has(edge.to))
      throw rejected(`${key} got another ${edge.name}, and belongs to no dependency that this plan touches.`);
}

function acceptNew(key: string, now: LockPackage, lock: LockGraph, origins: ReadonlySet<string>): void {
  if (semver.valid(now.version) === null) throw rejected(`${key} has no version.`);
  if (now.integrity === undefined ? !now.conditional : !integrityShape.test(now.integrity))
    throw rejected(`${key} has no integrity.`);
  if (now.address === undefined && !lock.namesAddresses) return;
  const url = URL.canParse(now.address ?? '') ? new URL(now.address ?? '') : undefined;
  if (url === undefined || !origins.has(url.origin) || url.username !== '')
    throw rejected(`${key} comes from ${url?.host || 'no host'}, which neither the base nor the operator names.`);
  if (!decodeURIComponent(url.pathname).includes(`/${now.name}/`))
    throw rejected(`${key} comes from ${url.pathname}, which is not the address of ${now.name}.`);
}

function originsOf(base: LockGraph, hosts: readonly string[]): Set<string> {
  const origins = new Set(hosts.map((host) => `https://${host}`));
  for (const { address } of base.packages.values())
    if (address !== undefined && /^https?:/.test(address) && URL.canParse(address))
      origins.add(new URL(address).origin);
  return origins;
}

/** Whoever asks for a package that came must get what it asks for. */
function acceptAsked(before: LockGraph, after: LockGraph, overridden: boolean): void {
  const users = [
    ...[...after.importers].map(([folder, { needs }]) => [folder === '' ? 'the app' : folder, needs] as const),
    ...[...after.packages].map(([key, { needs }]) => [key, needs] as const),
  ];
  for (const [user, needs] of users)
    for (const { name, specifier, to, peer } of needs) {
      const entry = after.packages.get(to);
      if (entry === undefined) throw rejected(`${user} gets ${to} as ${name}, which is not in the lock file.`);
      if (before.packages.has(to) || specifier === undefined || peer) continue;
      const alias = /^npm:((?:@[^/@]+\/)?[^/@]+)@(.+)$/.exec(specifier);
      const wanted = alias?.[1] ?? name;
      if (entry.name !== wanted) throw rejected(`${to} is ${entry.name}, and ${user} asks for ${wanted}.`);
      const range = semver.validRange(alias?.[2] ?? plain(specifier));
      const fits = range === null || semver.satisfies(entry.version, range, { includePrerelease: true });
      if (!fits && !overridden) throw rejected(`${to} is ${entry.version}, and ${user} asks for ${specifier}.`);
    }
}

/** yarn writes the protocol that others leave out. */
function plain(specifier: string): string {
  return specifier.replace(/^npm:/, '');
}

/** Edges that only one of two lists has. */
function difference(old: readonly LockEdge[], now: readonly LockEdge[]): LockEdge[] {
  const told = (edges: readonly LockEdge[]) => new Set(edges.map(textOf));
  const [was, is] = [told(old), told(now)];
  return [...now.filter((edge) => !was.has(textOf(edge))), ...old.filter((edge) => !is.has(textOf(edge)))];
}

function textOf({ name, specifier, to, peer }: LockEdge): string {
  return JSON.stringify([name, specifier, to, peer]);
}
