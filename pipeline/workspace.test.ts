import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keepModules, seedModules, takeModules } from './modules-cache.ts';
import { createWorkspace, removeStaleWorkspaces } from './workspace.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshRoot(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'graft-workspaces-')));
  folders.push(root);
  return root;
}

describe('a workspace', () => {
  it('is named for its installation, is its own, and goes with all that is in it', async () => {
    const root = freshRoot();
    const [first, second] = [
      await createWorkspace(root, 'prj_a', 'ins_a'),
      await createWorkspace(root, 'prj_a', 'ins_b'),
    ];
    expect(first.folder).not.toBe(second.folder);
    expect(first.folder.startsWith(join(root, 'runs', 'ins_a-'))).toBe(true);
    expect(first.npmCache).toBe(second.npmCache);
    mkdirSync(join(first.folder, 'closed/inner'), { recursive: true });
    mkdirSync(join(first.folder, 'shut'), { mode: 0 });
    await first.remove();
    await first.remove();
    expect(readdirSync(join(root, 'runs'))).toHaveLength(1);
  });

  it('takes the place of one that a killed run of the same installation left', async () => {
    const root = freshRoot();
    const left = await createWorkspace(root, 'prj_a', 'ins_a');
    mkdirSync(join(left.folder, 'shut'), { mode: 0 });
    const other = await createWorkspace(root, 'prj_a', 'ins_ab');
    const again = await createWorkspace(root, 'prj_a', 'ins_a');
    expect(readdirSync(join(root, 'runs')).toSorted()).toEqual(
      [other, again].map(({ folder }) => basename(folder)).toSorted(),
    );
  });

  it('clears what killed package managers left to unpack, and nothing that one may still be at', async () => {
    const root = freshRoot();
    const temporary = join((await createWorkspace(root, 'prj_a', 'ins_a')).npmCache, 'tmp');
    for (const name of ['left', 'used']) mkdirSync(join(temporary, name), { recursive: true });
    const past = new Date(Date.now() - 7_200_000);
    utimesSync(join(temporary, 'left'), past, past);
    expect(await removeStaleWorkspaces(root, new Date(Date.now() - 3_600_000))).toBe(1);
    expect(readdirSync(temporary)).toEqual(['used']);
  });

  it('refuses names that are paths', async () => {
    await expect(createWorkspace(freshRoot(), '../other', 'ins_a')).rejects.toMatchObject({ code: 'internal' });
  });

  it('is removed by age when a worker left it', async () => {
    const root = freshRoot();
    const [old, young] = [
      await createWorkspace(root, 'prj_a', 'ins_old'),
      await createWorkspace(root, 'prj_a', 'ins_young'),
    ];
    utimesSync(old.folder, new Date(0), new Date(0));
    expect(await removeStaleWorkspaces(root, new Date(Date.now() - 60_000))).toBe(1);
    expect(readdirSync(join(root, 'runs'))).toEqual([young.folder.slice(young.folder.lastIndexOf('/') + 1)]);
    expect(await removeStaleWorkspaces(join(root, 'nothing here'), new Date())).toBe(0);
  });
});

describe('kept node_modules', () => {
  function install(root: string, name: string): string {
    const folder = join(root, name);
    mkdirSync(join(folder, 'node_modules/a'), { recursive: true });
    mkdirSync(join(folder, 'apps/one/node_modules/b'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/a/index.js'), name);
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), name);
    writeFileSync(join(folder, 'apps/one/node_modules/b/index.js'), name);
    writeFileSync(join(folder, 'package.json'), '{}');
    return folder;
  }

  it('come back under their key, the nested ones too, as links to the same files', async () => {
    const root = freshRoot();
    const { modulesCache } = await createWorkspace(root, 'prj_a', 'ins_a');
    const folder = install(root, 'first');
    await keepModules(modulesCache, 'key', folder);
    mkdirSync(join(root, 'again'));
    expect(await takeModules(modulesCache, 'other', join(root, 'again'))).toBe(false);
    expect(await takeModules(modulesCache, 'key', join(root, 'again'))).toBe(true);
    expect(readFileSync(join(root, 'again/apps/one/node_modules/b/index.js'), 'utf8')).toBe('first');
    const inodes = ['first', 'again'].map((name) => statSync(join(root, name, 'node_modules/a/index.js')).ino);
    expect(inodes[0]).toBe(inodes[1]);
    expect(readdirSync(join(root, 'again'))).not.toContain('package.json');
  });

  it('are not written through by npm, which writes one file in place', async () => {
    const root = freshRoot();
    const { modulesCache } = await createWorkspace(root, 'prj_a', 'ins_a');
    await keepModules(modulesCache, 'key', install(root, 'first'));
    mkdirSync(join(root, 'seeded'));
    expect(await seedModules(modulesCache, join(root, 'seeded'))).toBe(true);
    writeFileSync(join(root, 'seeded/node_modules/.package-lock.json'), 'npm was here');
    expect(readFileSync(join(modulesCache, 'key/node_modules/.package-lock.json'), 'utf8')).toBe('first');
  });

  it('are only the newest three', async () => {
    const root = freshRoot();
    const { modulesCache } = await createWorkspace(root, 'prj_a', 'ins_a');
    for (const name of ['a', 'b', 'c', 'd']) {
      await keepModules(modulesCache, name, install(root, name));
      const age = new Date(Date.now() - 1000 * ('d'.charCodeAt(0) - name.charCodeAt(0) + 1));
      utimesSync(join(modulesCache, name), age, age);
    }
    await keepModules(modulesCache, 'e', install(root, 'e'));
    expect(readdirSync(modulesCache).sort()).toEqual(['c', 'd', 'e']);
  });
});
