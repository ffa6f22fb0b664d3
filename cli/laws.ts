import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { runCommand } from './run-command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const usage = 'Usage: npm run test:laws -- [--cases 20000] [--seed N]';

/** Runs the laws of code edits over the registry, with as many cases as asked for; a seed that a failure printed gives the same ones. */
async function laws(): Promise<number> {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
  const { cases, seed } = values;
  if (!/^[1-9]\d*$/.test(cases) || (seed !== undefined && !/^-?\d+$/.test(seed)))
    throw new GraftError('invalid_request', `Cases and seed are whole numbers. ${usage}`);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', 'test/laws.test.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GRAFT_LAW_CASES: cases, ...(seed !== undefined && { GRAFT_LAW_SEED: seed }) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.on('disconnect', () => child.kill('SIGTERM'));
  process.channel?.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

await runCommand(laws);
