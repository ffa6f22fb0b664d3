import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlannedFile } from '../contract/codegen.ts';
import { writePlannedFiles } from './planned-files.ts';

// `printf old | git hash-object --stdin`
const blobOfOld = '489ce0f857e7634a0eb9f328265a3e91fad49f61';
const blobOf = (text: string) => createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');
let root: string;
let tree: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'graft-planned-')));
  tree = join(root, 'tree');
  mkdirSync(tree);
  writeFileSync(join(tree, 'old.txt'), 'old');
});

afterEach(() => rmSync(root, { recursive: true }));

const file = (change: Partial<PlannedFile>): PlannedFile => ({
  path: 'old.txt',
  change: 'edit',
  mode: '100644',
  before: blobOfOld,
  after: null,
  text: 'new',
  reason: '',
  ...change,
});

describe('a plan on an unpacked tree', () => {
  it('edits, adds with its mode, and deletes', async () => {
    await writePlannedFiles(tree, [file({}), file({ path: 'a/b/run.sh', before: null, mode: '100755', text: 'run' })]);
    expect(readFileSync(join(tree, 'old.txt'), 'utf8')).toBe('new');
    expect(statSync(join(tree, 'a/b/run.sh')).mode & 0o777).toBe(0o755);
    await writePlannedFiles(tree, [file({ path: 'a/b/run.sh', before: blobOf('run'), text: null })]);
    expect(existsSync(join(tree, 'a/b/run.sh'))).toBe(false);
  });

  it.each([
    ['edited something else', file({ before: blobOf('other') })],
    ['adds what is there', file({ before: null })],
    ['edits what is not there', file({ path: 'gone.txt' })],
  ])('is refused when it %s', async (_, planned) => {
    await expect(writePlannedFiles(tree, [planned])).rejects.toMatchObject({ code: 'project_changed' });
    expect(readFileSync(join(tree, 'old.txt'), 'utf8')).toBe('old');
  });

  it('never writes outside of the tree, through a link neither', async () => {
    mkdirSync(join(root, 'outside'));
    symlinkSync('../outside', join(tree, 'link'));
    for (const path of ['../planted', 'link/planted'])
      await expect(writePlannedFiles(tree, [file({ path, before: null })])).rejects.toMatchObject({
        code: 'validation_failed',
      });
    expect(existsSync(join(root, 'planted')) || existsSync(join(root, 'outside/planted'))).toBe(false);
  });
});
