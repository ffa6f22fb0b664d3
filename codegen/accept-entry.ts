import semver from 'semver';
import { rejected } from './lock-rejected.ts';
import { type LockEntry, type NpmLock, edgesOf, isManifestPath, isSamePackage, shortName } from './npm-lock.ts';

/** What the base knows, and the operator adds. */
export interface Known {
  /** Protocol and host of each place that packages come from. */
  origins: ReadonlySet<string>;
  /** The base leaves out where packages come from, as npm can be told to. */
  omits: boolean;
  /** `name@version` → integrity. */
  integrities: ReadonlyMap<string, unknown>;
}

/** Reads from the base's lock file what a changed entry is compared with. */
export function knownBy(base: NpmLock, hosts: readonly string[]): Known {
  const origins = new Set(hosts.map((host) => `https://${host}`));
  const integrities = new Map<string, unknown>();
  let omits = false;
  for (const [path, entry] of base.packages) {
    if (typeof entry.resolved === 'string' && /^https?:/.test(entry.resolved))
      origins.add(new URL(entry.resolved).origin);
    else if (entry.integrity !== undefined) omits = true;
    if (entry.integrity !== undefined)
      integrities.set(`${entry.name ?? shortName(path)}@${entry.version}`, entry.integrity);
  }
  return { origins, omits, integrities };
}

/** Accepts a new or changed entry by itself: a fetched package with integrity, under its own name and from a known place. */
export function acceptEntry(path: string, now: LockEntry, lock: NpmLock, known: Known): void {
  if (now.inBundle === true) {
    if (!isInBundle(path, lock)) throw rejected(`${path} says that it is bundled, and no package around it bundles.`);
    return;
  }
  const name = now.name ?? shortName(path);
  const { version, integrity, resolved } = now;
  if (typeof version !== 'string' || semver.valid(version) === null) throw rejected(`${path} has no version.`);
  if (typeof integrity !== 'string' || !/^sha\d+-[\w+/]+=*(?: sha\d+-[\w+/]+=*)*$/.test(integrity))
    throw rejected(`${path} has no integrity.`);
  const before = known.integrities.get(`${name}@${version}`);
  if (before !== undefined && before !== integrity)
    throw rejected(`${path} has another integrity than ${name} ${version} had.`);
  if (resolved === undefined && known.omits) return;
  const url = typeof resolved === 'string' && URL.canParse(resolved) ? new URL(resolved) : undefined;
  if (url === undefined || !known.origins.has(url.origin) || url.username !== '')
    throw rejected(`${path} comes from ${url?.host || 'no host'}, which neither the base nor the operator names.`);
  if (!decodeURIComponent(url.pathname).includes(`/${name}/`))
    throw rejected(`${path} comes from ${url.pathname}, which is not the address of ${name}.`);
}

/** The nearest package around it that is fetched by itself must say that it bundles. */
function isInBundle(path: string, lock: NpmLock): boolean {
  for (let at = path.lastIndexOf('/node_modules/'); at > 0; at = path.lastIndexOf('/node_modules/', at - 1)) {
    const around = lock.packages.get(path.slice(0, at));
    if (around !== undefined && around.inBundle !== true)
      return around.bundleDependencies !== undefined && around.integrity !== undefined;
  }
  return false;
}

/** Whoever asks for a package that changed must get what it asks for; with `overrides` the ranges do not say what is meant. */
export function acceptEdges(before: NpmLock, after: NpmLock, overridden: boolean): void {
  for (const { from, name, specifier, to } of edgesOf(after)) {
    const entry = after.packages.get(to);
    if (entry === undefined || isSamePackage(entry, before.packages.get(to))) continue;
    const alias = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@(.+))?$/.exec(specifier);
    const wanted = alias?.[1] ?? name;
    if (!isManifestPath(to) && (entry.name ?? shortName(to)) !== wanted)
      throw rejected(`${to} is ${String(entry.name)}, and ${from === '' ? 'the app' : from} asks for ${wanted}.`);
    const range = semver.validRange(alias === null ? specifier : (alias[2] ?? '*'));
    const fits = range === null || semver.satisfies(entry.version ?? '', range, { includePrerelease: true });
    if (!fits && !overridden)
      throw rejected(`${to} is ${entry.version}, and ${from === '' ? 'the app' : from} asks for ${specifier}.`);
  }
}
