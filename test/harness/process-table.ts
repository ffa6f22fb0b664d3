import { execFileSync } from 'node:child_process';

interface Row {
  pid: number;
  parent: number;
  group: number;
  ended: boolean;
}

function readTable(): Row[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, group, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), group: Number(group), ended: state.startsWith('Z') };
    });
}

/** These processes and everything below them or in their process groups, as far as it runs. */
export function familyOf(roots: readonly number[]): number[] {
  const table = readTable();
  const family = new Set(roots);
  for (let before = -1; before !== family.size;) {
    before = family.size;
    for (const row of table) if (family.has(row.parent) || family.has(row.group)) family.add(row.pid);
  }
  return table.filter((row) => family.has(row.pid) && !row.ended).map((row) => row.pid);
}

/** Those of these processes that still run, or run something in their process group. */
export function stillRunning(pids: readonly number[]): number[] {
  return readTable()
    .filter((row) => !row.ended && (pids.includes(row.pid) || pids.includes(row.group)))
    .map((row) => row.pid);
}
