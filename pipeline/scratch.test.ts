import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeScratch, removeStaleScratch } from './scratch.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'graft-scratch-test-')));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('removes what killed workers left in the temporary folder, and nothing that is in use or not ours', async () => {
  const used = await makeScratch('proxy');
  const left = [await makeScratch('proxy'), await makeScratch('sandbox')];
  const strange = join(folder, 'graft-demo-1');
  mkdirSync(strange);
  const past = new Date(Date.now() - 7_200_000);
  for (const path of [...left, strange]) utimesSync(path, past, past);

  expect(await removeStaleScratch(new Date(Date.now() - 3_600_000))).toBe(2);
  expect(left.filter(existsSync)).toEqual([]);
  expect([used, strange].every(existsSync)).toBe(true);
});
