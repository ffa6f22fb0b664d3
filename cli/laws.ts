import { parseArgs } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { runCommand } from './run-command.ts';
import { runVitest } from './run-vitest.ts';

const usage = 'Usage: npm run test:laws -- [--cases 20000] [--seed N]';

/** Runs the laws of code edits over the registry, with as many cases as asked for; a seed that a failure printed gives the same ones. */
async function laws(): Promise<number> {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
  const { cases, seed } = values;
  if (!/^[1-9]\d*$/.test(cases) || (seed !== undefined && !/^-?\d+$/.test(seed)))
    throw new GraftError('invalid_request', `Cases and seed are whole numbers. ${usage}`);
  return runVitest(['test/laws.test.ts'], {
    GRAFT_LAW_CASES: cases,
    ...(seed !== undefined && { GRAFT_LAW_SEED: seed }),
  });
}

await runCommand(laws);
