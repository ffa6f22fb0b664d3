import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let checkout: string;
const running: ChildProcess[] = [];

/** Stands in for npm: notes each call, and installs what `package-lock.json` lists. */
const npm = `#!/bin/sh
echo "$1" >> "$NPM_CALLS"
[ "$1" = ci ] || exit 1
rm -rf node_modules; sleep 0.5
mkdir -p node_modules/node/bin
[ -n "$NO_NODE" ] || ln -s "${process.execPath}" node_modules/node/bin/node
`;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'graft-run-'));
  for (const folder of ['cli', 'bin']) mkdirSync(join(checkout, folder));
  for (const file of ['run.mjs', 'lock.mjs']) {
    copyFileSync(fileURLToPath(new URL(file, import.meta.url)), join(checkout, 'cli', file));
  }
  writeFileSync(join(checkout, 'bin', 'npm'), npm);
  chmodSync(join(checkout, 'bin', 'npm'), 0o755);
  writeFileSync(join(checkout, 'package-lock.json'), lockOf({ a: '1.0.0' }));
  writeFileSync(
    join(checkout, 'script.ts'),
    `const [what, code]: string[] = process.argv.slice(2);
     console.log('ran', what, process.env['PATH']!.split(':')[0]);
     if (what === 'exit') process.exit(Number(code));
     if (what === 'stay') {
       process.on('SIGINT', () => process.exit(42));
       process.on('disconnect', () => process.exit());
       setInterval(() => {}, 1000);
     }`,
  );
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(checkout, { recursive: true, force: true });
});

function lockOf(packages: Record<string, string>): string {
  const entries = Object.entries(packages).map(([name, version]) => [
    `node_modules/${name}`,
    { version, integrity: name },
  ]);
  return JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries([['', {}], ...entries]) });
}

function start(args: readonly string[], extra: Record<string, string> = {}): ChildProcess & { said: () => string } {
  const env = {
    PATH: [join(checkout, 'bin'), process.env['PATH']].join(delimiter),
    NPM_CALLS: join(checkout, 'calls'),
    ...extra,
  };
  const child = spawn(process.execPath, [join(checkout, 'cli', 'run.mjs'), join(checkout, 'script.ts'), ...args], {
    cwd: checkout,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return Object.assign(child, { said: () => text });
}

async function run(
  args: readonly string[],
  extra?: Record<string, string>,
): Promise<{ code: number | null; said: string }> {
  const child = start(args, extra);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: child.said() };
}

const calls = () =>
  existsSync(join(checkout, 'calls')) ? readFileSync(join(checkout, 'calls'), 'utf8').trim().split('\n') : [];

describe('the bootstrap', () => {
  it('installs once, passes arguments and exit code, and puts the Node of the packages first', async () => {
    const first = await run(['exit', '7']);
    expect(first.said).toContain(`ran exit ${join(checkout, 'node_modules', 'node', 'bin')}`);
    expect(first.code).toBe(7);
    expect((await run(['exit', '0'])).code).toBe(0);
    expect(calls()).toEqual(['ci']);
  });

  it('installs again when the lock file is another', async () => {
    await run([]);
    writeFileSync(join(checkout, 'package-lock.json'), lockOf({ a: '1.0.1' }));
    await run([]);
    expect(calls()).toEqual(['ci', 'ci']);
  });

  it('installs once for two commands at the same time', async () => {
    const both = await Promise.all([run(['exit', '3']), run(['exit', '4'])]);
    expect(both.map(({ code }) => code)).toEqual([3, 4]);
    expect(calls()).toEqual(['ci']);
    expect(both.map(({ said }) => said).join('')).toMatch(/Waiting for process \d+, which is installing/);
  });

  it('installs nothing where npm itself has installed what the lock file wants', async () => {
    await run([]);
    const lock = JSON.parse(lockOf({ a: '2.0.0' })) as { packages: Record<string, object> };
    writeFileSync(join(checkout, 'node_modules', '.package-lock.json'), JSON.stringify(lock));
    lock.packages['node_modules/for-another-platform'] = { version: '1.0.0', optional: true };
    writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify(lock));
    expect((await run([])).code).toBe(0);
    expect(calls()).toEqual(['ci']);

    lock.packages['node_modules/missing'] = { version: '1.0.0' };
    writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify(lock));
    await run([]);
    expect(calls()).toEqual(['ci', 'ci']);
  });

  it('installs nothing under a command that runs', async () => {
    const stays = start(['stay']);
    await expect.poll(stays.said, { timeout: 10_000 }).toContain('ran stay');
    writeFileSync(join(checkout, 'package-lock.json'), lockOf({ a: '1.0.1' }));
    const refused = await run(['exit', '0']);
    expect(refused.code).toBe(1);
    expect(refused.said).toContain(`script.ts" (process ${stays.pid}) is running`);
    expect(calls()).toEqual(['ci']);

    stays.kill('SIGKILL');
    await once(stays, 'close');
    expect((await run(['exit', '0'])).code).toBe(0);
  });

  it('hands a signal on and waits for the end', async () => {
    const stays = start(['stay']);
    await expect.poll(stays.said, { timeout: 10_000 }).toContain('ran stay');
    stays.kill('SIGINT');
    expect(await once(stays, 'close')).toEqual([42, null]);
  });

  it('lets its child know when it is killed', async () => {
    const stays = start(['stay']);
    await expect.poll(stays.said, { timeout: 10_000 }).toContain('ran stay');
    stays.kill('SIGKILL');
    // The script holds the other end of our pipes: they close when it has ended.
    expect(await once(stays, 'close')).toEqual([null, 'SIGKILL']);
  });

  it('says what to do when npm fails, and runs nothing', async () => {
    writeFileSync(join(checkout, 'bin', 'npm'), '#!/bin/sh\necho "no network" >&2; exit 1\n');
    const { code, said } = await run(['exit', '0']);
    expect(code).toBe(1);
    expect(said).toMatch(/no network[^]*"npm ci" failed/);
    expect(said).not.toContain('ran');
  });
});
