import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { npmFolder } from './own-npm.ts';
import { publicRegistries } from './specifier.ts';
import type { Workspace } from './workspace.ts';

/** Bytes of a stored log; what is longer loses its middle. */
const logBytes = 524_288;

/** What tells of this machine and its network, with what stands in its place. */
export type MachinePlaces = readonly (readonly [text: string, instead: string])[];

/** The paths that tools of an app are shown besides the system's, and the registry when it is the operator's own. */
export function machinePlaces(
  { folder, npmCache, buildCache, modulesCache, managers }: Workspace,
  {
    registry,
    registryHosts,
    simulators,
  }: { registry: string; registryHosts: readonly string[]; simulators: ReadonlyMap<string, string> },
): MachinePlaces {
  const places: [string, string][] = [
    [folder, ''],
    [npmCache, '/package-cache'],
    [buildCache, '/build-cache'],
    [modulesCache, '/modules-cache'],
    [managers, '/managers'],
    [npmFolder, '/npm'],
    [fileURLToPath(new URL('./harness', import.meta.url)), '/graft'],
    [process.execPath, 'node'],
    ...[...simulators].map(([connector, file]): [string, string] => [dirname(file), `/simulator-of-${connector}`]),
  ];
  for (const host of [new URL(registry).host, ...registryHosts])
    if (!publicRegistries.has(host)) places.push([host, 'the-registry']);
  return places.toSorted(([one], [other]) => other.length - one.length);
}

/** A log as it is stored: no terminal colours, nothing that tells of this machine, of a bounded size. */
export function cleanLog(text: string, hidden: MachinePlaces): Uint8Array {
  let plain = stripVTControlCharacters(text).replaceAll('\0', '');
  for (const [place, instead] of hidden) plain = plain.replaceAll(place, instead);
  const bytes = Buffer.from(plain);
  if (bytes.length <= logBytes) return bytes;
  const half = logBytes / 2;
  return Buffer.concat([bytes.subarray(0, half), Buffer.from('\n… left out …\n'), bytes.subarray(-half)]);
}
