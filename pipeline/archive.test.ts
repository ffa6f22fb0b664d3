import { existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Snapshot } from '../contract/codegen.ts';
import { packSnapshot, unpackSnapshot } from './archive.ts';

type EntryHeader = Partial<Header> & { name: string };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'graft-archive-'));
  folders.push(folder);
  return folder;
}

async function tarOf(...entries: EntryHeader[]): Promise<Uint8Array> {
  const archive = pack();
  const bytes = buffer(archive);
  for (const entry of entries) archive.entry(entry, entry.type === undefined ? 'text' : '');
  archive.finalize();
  return bytes;
}

describe('an archive', () => {
  const snapshot: Snapshot = new Map([
    ['src/run.sh', { mode: '100755', bytes: Buffer.from('#!/bin/sh\n') }],
    ['a/link', { mode: '120000', bytes: Buffer.from('../src/run.sh') }],
    ['zero.bin', { mode: '100644', bytes: Buffer.from([0, 255, 10]) }],
    [`${'long/'.repeat(40)}name.txt`, { mode: '100644', bytes: Buffer.from('') }],
  ]);

  it('gives files, modes and links back byte for byte', async () => {
    const folder = join(freshFolder(), 'tree');
    await unpackSnapshot(await packSnapshot(snapshot), folder);
    expect(readFileSync(join(folder, 'zero.bin'))).toEqual(Buffer.from([0, 255, 10]));
    expect(lstatSync(join(folder, 'src/run.sh')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(folder, 'zero.bin')).mode & 0o777).toBe(0o644);
    expect(readlinkSync(join(folder, 'a/link'))).toBe('../src/run.sh');
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('name.txt'))).toHaveLength(
      1,
    );
  });

  it('is the same for the same files in another order', async () => {
    const reversed = new Map([...snapshot].reverse());
    expect(await packSnapshot(reversed)).toEqual(await packSnapshot(snapshot));
  });
});

describe('a hostile archive', () => {
  const cases: [string, EntryHeader[]][] = [
    ['an absolute path', [{ name: '/etc/planted' }]],
    ['a path upwards', [{ name: 'a/../../planted' }]],
    ['an absolute link', [{ name: 'link', type: 'symlink', linkname: '/etc' }]],
    ['a link upwards', [{ name: 'a/link', type: 'symlink', linkname: '../../etc' }]],
    [
      'a link that leaves through another one',
      [
        { name: 'a/up', type: 'symlink', linkname: '..' },
        { name: 'out', type: 'symlink', linkname: 'a/up/../etc' },
      ],
    ],
    ['a file below a link', [{ name: 'dir', type: 'symlink', linkname: 'other' }, { name: 'dir/file' }]],
    ['a hard link', [{ name: 'hard', type: 'link', linkname: '/etc/passwd' }]],
    ['a device', [{ name: 'device', type: 'character-device', devmajor: 1, devminor: 3 }]],
    ['a pipe', [{ name: 'pipe', type: 'fifo' }]],
  ];

  it.each(cases)('with %s is refused and leaves nothing', async (_, entries) => {
    const folder = freshFolder();
    const bytes = await tarOf({ name: 'innocent.txt' }, ...entries);
    await expect(unpackSnapshot(bytes, join(folder, 'tree'))).rejects.toMatchObject({ code: 'unsupported_app' });
    expect(existsSync(join(folder, 'tree/innocent.txt'))).toBe(false);
    expect(existsSync('/etc/planted')).toBe(false);
  });
});
