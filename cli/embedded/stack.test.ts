import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { closeDatabase, connectDatabase } from '../../db/connect.ts';
import { createToken, findCaller } from '../../db/queries/tokens.ts';
import { familyOf, stillRunning } from '../../test/harness/process-table.ts';
import { type Stack, startStack } from './stack.ts';
import { findStack } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'graft-stack-test-'));
const stateDir = join(folder, 'state');
const options = { stateDir, logs: () => undefined, environment: {} };
const started: Stack[] = [];
afterAll(async () => {
  for (const stack of started) await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const soon = { timeout: 30_000, interval: 100 };
const partsOf = (stack: Pick<Stack, 'processes'>) => familyOf(Object.values(stack.processes));

async function withDatabase<T>(
  stack: Stack,
  use: (database: ReturnType<typeof connectDatabase>) => Promise<T>,
): Promise<T> {
  const database = connectDatabase(stack.databaseUrl, { connections: 1 });
  try {
    return await use(database);
  } finally {
    await closeDatabase(database);
  }
}

describe('the embedded stack', () => {
  it('is started once over the same data, also when two begin at the same time', { timeout: 90_000 }, async () => {
    const tries = await Promise.allSettled([startStack(options), startStack(options)]);
    const stacks = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    started.push(...stacks);
    expect(stacks).toHaveLength(1);
    expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'unavailable', message: expect.stringContaining('is being started or stopped') },
    });
    expect(findStack(stateDir)).toMatchObject({ apiUrl: stacks[0]!.apiUrl });
    await stacks[0]!.stop();
  });

  it('serves, ends without a trace of a process, and finds its data again', { timeout: 90_000 }, async () => {
    const first = await startStack(options);
    started.push(first);
    expect((await fetch(`${first.apiUrl}/readyz`)).status).toBe(200);
    expect((await fetch(first.temporalUiUrl)).status).toBe(200);
    expect(findStack(stateDir)).toMatchObject({ apiUrl: first.apiUrl, pid: process.pid });
    await expect(startStack(options)).rejects.toMatchObject({ code: 'unavailable', message: /running already/ });

    const { token } = await withDatabase(first, (database) =>
      createToken(database, { name: 'kept', scopes: ['read'], project: null }),
    );
    const family = partsOf(first);
    // Five servers with a watcher each, and PostgreSQL's own processes.
    expect(family.length).toBeGreaterThan(10);
    await first.stop();
    expect(stillRunning(family)).toEqual([]);
    expect(findStack(stateDir)).toBeUndefined();

    const second = await startStack(options);
    started.push(second);
    expect(await withDatabase(second, (database) => findCaller(database, token))).toMatchObject({ name: 'kept' });
    await second.stop();
  });

  it(
    'says which process ended that nobody stopped or restarted, and where its log is',
    { timeout: 60_000 },
    async () => {
      const stack = await startStack(options);
      started.push(stack);
      const before = stack.processes['build worker'];
      await stack.restart('build worker');
      expect(stack.processes['build worker']).not.toBe(before);
      await expect(stack.restart('nobody')).rejects.toMatchObject({ code: 'not_found' });
      expect(await Promise.race([stack.crashed, Promise.resolve('none')])).toBe('none');
      process.kill(stack.processes['build worker']!, 'SIGKILL');
      expect(await stack.crashed).toMatch(/^The build worker ended with signal SIGKILL\. Its log: .*build\.log$/);
      await stack.stop();
    },
  );

  it('ends with a parent that is killed', { timeout: 90_000 }, async () => {
    const own = join(folder, 'killed');
    const code = `
      const { startStack } = await import(${JSON.stringify(fileURLToPath(new URL('./stack.ts', import.meta.url)))});
      const stack = await startStack({ stateDir: ${JSON.stringify(own)}, logs: () => undefined, environment: {} });
      process.stdout.write(JSON.stringify(stack.processes));`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const text = await new Promise<string>((resolve, reject) => {
        parent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        parent.once('exit', (status) => reject(new Error(`The parent ended with ${status}.`)));
      });
      const family = partsOf({ processes: JSON.parse(text) as Record<string, number> });
      expect(family.length).toBeGreaterThan(10);
      parent.kill('SIGKILL');
      await expect.poll(() => stillRunning(family), soon).toEqual([]);
    } finally {
      parent.kill('SIGKILL');
    }
    expect(existsSync(join(own, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});
