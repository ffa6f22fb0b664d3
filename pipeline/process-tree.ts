import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** What a process and its descendants use; `pids` has the root first. */
export interface TreeUse {
  pids: readonly number[];
  memoryBytes: number;
}

/** Adds up a process and its descendants from `/proc`; nothing on a system without it. Shared pages count in each process. */
export function readTree(root: number): TreeUse {
  if (!existsSync('/proc/self/status')) return { pids: [], memoryBytes: 0 };
  const children = new Map<number, number[]>();
  const memory = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = readStatus(Number(name));
    if (status === undefined) continue;
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
    memory.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const pids = memory.has(root) ? [root] : [];
  let memoryBytes = 0;
  for (const pid of pids) {
    memoryBytes += memory.get(pid) ?? 0;
    pids.push(...(children.get(pid) ?? []));
  }
  return { pids, memoryBytes };
}

/** The first child of a process, if it has one. */
export function readFirstChild(pid: number): number | undefined {
  return readTree(pid).pids[1];
}

/** Has this process ended? One that only waits to be reaped has: the kernel emptied its namespace before. */
export function hasEnded(pid: number): boolean {
  const status = readStatus(pid);
  return status === undefined || /^State:\s+[ZX]/m.test(status);
}

function readStatus(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // The process went away between the listing and the reading: that is an answer.
    return undefined;
  }
}
