import type { ManagerKind } from './manager-commands.ts';
import { publicRegistries } from './specifier.ts';

const yarn1Address = /^( {2}resolved ")(https?:\/\/[^/"]+\/)([^"]*)/gm;

/** yarn 1 fetches from the addresses in its lock file: those of public registries become the operator's registry. */
export function leadToRegistry(kind: ManagerKind, lock: string, registry: string): string {
  if (kind !== 'yarn1') return lock;
  return lock.replace(yarn1Address, (all, start: string, origin: string, path: string) =>
    isPublic(origin) ? `${start}${withSlash(registry)}${path}` : all,
  );
}

/** The reverse, for a lock file that was written again: known packages get their address back, new ones that of most others. */
export function leadBack(kind: ManagerKind, written: string, base: string, registry: string): string {
  const ours = withSlash(registry);
  if (kind === 'bun' && !base.includes(`"${ours}`))
    return written.replaceAll(new RegExp(`"${escape(ours)}[^"]*"`, 'g'), '""');
  if (kind !== 'yarn1') return written;
  const origins = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const [, , origin = '', path = ''] of base.matchAll(yarn1Address)) {
    origins.set(path, origin);
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  const [usual = 'https://registry.yarnpkg.com/'] = [...counts.keys()].toSorted(
    (one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0),
  );
  return written.replace(
    new RegExp(`^( {2}resolved ")${escape(ours)}([^"]*)`, 'gm'),
    (_, start: string, path: string) => {
      return `${start}${origins.get(path) ?? usual}${path}`;
    },
  );
}

function isPublic(origin: string): boolean {
  return URL.canParse(origin) && publicRegistries.has(new URL(origin).host);
}

function withSlash(registry: string): string {
  return registry.endsWith('/') ? registry : `${registry}/`;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
