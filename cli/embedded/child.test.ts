import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { familyOf, stillRunning } from '../../test/harness/process-table.ts';
import { type ChildOptions, startChild, waitForChild } from './child.ts';

const folder = mkdtempSync(join(tmpdir(), 'graft-child-'));
afterAll(() => rmSync(folder, { recursive: true }));

let logs = 0;
function shell(script: string): ChildOptions {
  const logFile = join(folder, `${logs++}.log`);
  return {
    name: 'the child',
    command: '/bin/sh',
    args: ['-c', script],
    env: { PATH: process.env['PATH'] ?? '' },
    logFile,
  };
}

const soon = { timeout: 20_000, interval: 50 };
/** Has a child of its own in its group. */
const withChild = 'sleep 600 & echo up; while :; do sleep 1; done';
/** Does not hear the polite signal. */
const stubborn = `trap '' TERM; ${withChild}`;

describe('a child process', () => {
  it('gets the environment it is given and nothing else', async () => {
    const options = { ...shell('echo "[$SECRET]"; env'), env: { GIVEN: 'yes' } };
    process.env['SECRET'] = 'canary';
    try {
      const child = await startChild(options);
      expect(await child.ended).toBe('exit code 0');
    } finally {
      delete process.env['SECRET'];
    }
    const said = readFileSync(options.logFile, 'utf8');
    expect(said).toContain('GIVEN=yes');
    expect(said).not.toMatch(/canary|HOME=/);
    expect(said).not.toContain(`PATH=${process.env['PATH']}`);
  });

  it('says how it ended, with the end of its log, when it ends before it is ready', async () => {
    const child = await startChild(shell('echo no such port >&2; exit 7'));
    await expect(waitForChild(child, async () => false)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/ended with exit code 7[^]*no such port/),
    });
  });

  it('ends politely where it can', async () => {
    const child = await startChild(shell(`trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done`));
    await waitForChild(child, async () => readFileSync(child.logFile, 'utf8').includes('up'));
    await child.stop();
    expect(readFileSync(child.logFile, 'utf8')).toContain('bye');
    await expect.poll(() => stillRunning([child.pid]), soon).toEqual([]);
  });

  it('is killed with its group where it does not hear', async () => {
    const child = await startChild({ ...shell(stubborn), graceSeconds: 0.5 });
    await waitForChild(child, async () => readFileSync(child.logFile, 'utf8').includes('up'));
    const family = familyOf([child.pid]);
    expect(family.length).toBeGreaterThanOrEqual(3);
    await child.stop();
    expect(await child.ended).toBe('signal SIGKILL');
    await expect.poll(() => stillRunning(family), soon).toEqual([]);
  });

  it('leaves nothing of its group behind when it ends by itself', async () => {
    const child = await startChild(shell('sleep 600 & exit 3'));
    expect(await child.ended).toBe('exit code 3');
    await expect.poll(() => stillRunning([child.pid]), soon).toEqual([]);
  });
});

describe('a child whose parent is killed', () => {
  it.each([
    ['that hears', withChild],
    ['that does not hear', stubborn],
  ])('and %s ends with everything in its group', async (_, script) => {
    const module = JSON.stringify(fileURLToPath(new URL('./child.ts', import.meta.url)));
    const options = JSON.stringify({ ...shell(script), graceSeconds: 1 });
    const code = `
      const { startChild } = await import(${module});
      process.stdout.write(String((await startChild(${options})).pid));
      setInterval(() => {}, 1000);`;
    const args = ['--input-type=module', '--eval', code];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
      // The shell, its two sleeps, the watcher.
      await expect.poll(() => familyOf([pid]).length, soon).toBeGreaterThanOrEqual(4);
      const family = familyOf([pid]);
      parent.kill('SIGKILL');
      await expect.poll(() => stillRunning(family), soon).toEqual([]);
    } finally {
      parent.kill('SIGKILL');
    }
  });
});
