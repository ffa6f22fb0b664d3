import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHolder, releaseLock, takeLock } from './lock.mjs';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'graft-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock folder', () => {
  it('is one process’s until it is given back', () => {
    expect(takeLock(lock)).toBeUndefined();
    expect(takeLock(lock)).toBe(process.pid);
    expect(lockHolder(lock)).toBe(process.pid);
    releaseLock(lock);
    expect(lockHolder(lock)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is held by another process while that lives, and taken over when it was killed', async () => {
    const module = JSON.stringify(fileURLToPath(new URL('./lock.mjs', import.meta.url)));
    const code = `
      const { takeLock } = await import(${module});
      console.log(takeLock(${JSON.stringify(lock)}) === undefined);
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '--eval', code]);
    try {
      expect(String((await once(other.stdout, 'data'))[0])).toBe('true\n');
      expect(takeLock(lock)).toBe(other.pid);
    } finally {
      other.kill('SIGKILL');
      await once(other, 'close');
    }
    expect(takeLock(lock)).toBeUndefined();
  });

  it('is taken over when another program has the id of its holder by now, as after a reboot', () => {
    mkdirSync(lock);
    writeFileSync(join(lock, 'pid'), String(process.ppid));
    writeFileSync(join(lock, 'began'), 'at another time');
    expect(lockHolder(lock)).toBeUndefined();
    expect(takeLock(lock)).toBeUndefined();
  });
});
