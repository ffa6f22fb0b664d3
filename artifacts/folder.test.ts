import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderStore } from './folder.ts';
import type { ArtifactStore } from './store.ts';

/** SHA-256 of `abc`, FIPS 180-2 appendix B.1. */
const hashOfAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const abc = Buffer.from('abc');
const project = 'prj_1';

describe('createFolderStore', () => {
  let root: string;
  let store: ArtifactStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'graft-artifacts-'));
    store = createFolderStore(root);
  });
  afterEach(() => rm(root, { recursive: true }));

  async function makeOlder(file: string, days: number): Promise<void> {
    const time = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    await utimes(file, time, time);
  }

  it('keeps bytes by their SHA-256, nothing else beside them, and not writable', async () => {
    expect(await store.put(project, abc)).toBe(hashOfAbc);
    expect(Buffer.from(await store.get(project, hashOfAbc))).toEqual(abc);
    expect(await readdir(join(root, project))).toEqual([hashOfAbc]);
    const empty = await store.put(project, new Uint8Array());
    expect(await store.get(project, empty)).toHaveLength(0);
  });

  it('takes the same bytes from many at once', async () => {
    const bytes = randomBytes(300_000);
    const hashes = await Promise.all(Array.from({ length: 20 }, () => createFolderStore(root).put(project, bytes)));
    expect(new Set(hashes).size).toBe(1);
    expect(await readdir(join(root, project))).toEqual([hashes[0]]);
    expect(Buffer.from(await store.get(project, hashes[0] as string)).equals(bytes)).toBe(true);
  });

  it('gives each project its own only', async () => {
    await store.put(project, abc);
    await expect(store.get('prj_2', hashOfAbc)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a file that was changed, cut or put there as a link, in get and in put', async () => {
    await store.put(project, abc);
    const file = join(root, project, hashOfAbc);
    await chmod(file, 0o600);
    for (const content of ['abd', 'ab', '']) {
      await writeFile(file, content);
      await expect(store.get(project, hashOfAbc)).rejects.toMatchObject({ code: 'artifact_damaged' });
      await expect(store.put(project, abc)).rejects.toMatchObject({ code: 'artifact_damaged' });
      expect(await readFile(file, 'utf8')).toBe(content);
    }
    await rm(file);
    await writeFile(join(root, 'elsewhere'), abc);
    await symlink(join(root, 'elsewhere'), file);
    await expect(store.get(project, hashOfAbc)).rejects.toMatchObject({ code: 'artifact_damaged' });
  });

  it.each(['', '.', '..', '../prj_2', 'a/b', '/etc', '-x', 'a\0', 'x'.repeat(65)])(
    'refuses the project name %j',
    async (name) => {
      await expect(store.put(name, abc)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(store.get(name, hashOfAbc)).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await readdir(root)).toEqual([]);
    },
  );

  it.each(['', '..', `../${project}/${hashOfAbc}`, hashOfAbc.toUpperCase(), hashOfAbc.slice(1)])(
    'knows no artifact named %j',
    async (name) => {
      await store.put(project, abc);
      await expect(store.get(project, name)).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  it('removes what nobody put for so many days, in all projects, with drafts of processes that died', async () => {
    await store.put(project, abc);
    await store.put('prj_2', abc);
    const kept = await store.put(project, randomBytes(8));
    for (const name of [project, 'prj_2']) await makeOlder(join(root, name, hashOfAbc), 31);
    await makeOlder(join(root, project, kept), 29);
    const draft = join(root, project, `.draft-${'0'.repeat(16)}`);
    await writeFile(draft, 'half');
    await makeOlder(draft, 31);
    expect(await store.removeOlderThan(30)).toBe(2);
    expect(await readdir(join(root, project))).toEqual([kept]);
    expect(await readdir(join(root, 'prj_2'))).toEqual([]);
    expect(await createFolderStore(join(root, 'nowhere')).removeOlderThan(30)).toBe(0);
  });

  it('counts the days from the last put', async () => {
    await store.put(project, abc);
    await makeOlder(join(root, project, hashOfAbc), 31);
    await store.put(project, abc);
    expect(await store.removeOlderThan(30)).toBe(0);
    expect(await store.get(project, hashOfAbc)).toHaveLength(3);
  });
});
