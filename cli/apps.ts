import { parseArgs } from 'node:util';
import { runCommand } from './run-command.ts';
import { runVitest } from './run-vitest.ts';

/** Carries real apps through install, pipeline and removal: all, or those with the text of `--only` in their name. */
async function apps(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
  return runVitest(['test/end-to-end/real-apps.test.ts', '--reporter=verbose'], { GRAFT_APPS: values.only });
}

await runCommand(apps);
