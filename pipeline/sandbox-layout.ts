import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxedCommand } from './sandbox.ts';
import type { Limits } from './supervise.ts';

/** One line of a sandbox's root: a bind mount, or a symbolic link. */
export type Placement =
  | { kind: 'bind'; from: string; to: string; writable: boolean }
  | { kind: 'link'; target: string; path: string };

/** Size of the private `/tmp`, home and shared memory, each. */
export const scratchBytes = 512 * 1024 * 1024;

/** Home folder inside; private and empty. */
export const homeFolder = '/home/graft';

const systemFolders = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const systemFiles = ['/etc/alternatives', '/etc/ld.so.cache', '/etc/hosts', '/etc/nsswitch.conf'];
const authorityFiles = ['/etc/ssl', '/etc/ca-certificates', '/etc/pki'];
// Files of the kernel that whoever started as root may write even without any capability; bubblewrap 0.8 leaves them so.
const kernelParts = [
  '/proc/sys',
  '/proc/sysrq-trigger',
  '/proc/irq',
  '/proc/bus',
  '/proc/fs',
  '/proc/scsi',
  '/proc/acpi',
];
const passwd = fileURLToPath(new URL('./harness/passwd', import.meta.url));

/** What a command sees besides the private folders: the system and Node read-only, then its mounts in their order. */
export function placementsFor(command: SandboxedCommand): Placement[] {
  const placements: Placement[] = kernelParts.filter((part) => existsSync(part)).map(readOnly);
  for (const folder of systemFolders) {
    if (!existsSync(folder)) continue;
    if (lstatSync(folder).isSymbolicLink())
      placements.push({ kind: 'link', target: readlinkSync(folder), path: folder });
    else placements.push(readOnly(folder));
  }
  for (const file of [...systemFiles, ...(command.hosts.length > 0 ? authorityFiles : [])])
    if (existsSync(file)) placements.push({ ...readOnly(file), from: realpathSync(file) });
  placements.push({ ...readOnly('/etc/passwd'), from: passwd });
  if (!systemFolders.some((folder) => process.execPath.startsWith(`${folder}/`)))
    placements.push(readOnly(process.execPath));
  for (const { path, writable } of command.mounts) placements.push({ kind: 'bind', from: path, to: path, writable });
  return placements;
}

function readOnly(path: string): Extract<Placement, { kind: 'bind' }> {
  return { kind: 'bind', from: path, to: path, writable: false };
}

/** The whole environment of a sandboxed command. */
export function environmentFor(command: SandboxedCommand): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: homeFolder,
    TMPDIR: '/tmp',
    CI: '1',
    LANG: 'C.UTF-8',
    ...command.environment,
  };
}

/**
 * Puts before a command the limits that a shell can set: no core dumps, size of one file (blocks of 512 bytes), and where
 * its namespace is its own, number of tasks (`-u` in bash, `-p` in dash). Then it waits: it says on descriptor 3 that all is
 * set up and dies with its parent from here on, and goes on when a line comes, or ends when nobody is there to send one.
 */
export function withLimits(command: readonly string[], limits: Limits, ownNamespace: boolean): string[] {
  const tasks = limits.processes * 16;
  const lines = ['ulimit -c 0', `ulimit -f ${Math.ceil(limits.fileBytes / 512)}`];
  if (ownNamespace) lines.push(`ulimit -u ${tasks} 2>/dev/null || ulimit -p ${tasks}`);
  lines.push('echo ready >&3', 'exec 3>&-', 'read -r go || exit 125', 'exec "$@" </dev/null');
  return ['/bin/sh', '-c', lines.join('; '), 'sh', ...command];
}
