import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Everything that can be checked without running the program: what CI runs before the tests. */
const checks = [
  { name: 'format', command: 'oxfmt', args: ['--check'], fix: 'npm run format' },
  {
    name: 'lint',
    command: 'oxlint',
    args: ['--deny-warnings'],
    fix: 'see .oxlintrc.json for the arrows between rooms',
  },
  { name: 'types', command: 'tsc', args: ['-p', '.'], fix: '' },
  {
    name: 'types of templates',
    command: 'tsc',
    args: ['-p', 'connectors'],
    fix: '',
    onlyWith: 'connectors/tsconfig.json',
  },
  { name: 'unused code', command: 'knip', args: [], fix: 'export only what another file uses' },
];

async function verify(): Promise<number> {
  const started = Date.now();
  const failed: string[] = [];
  for (const { name, command, args, fix, onlyWith } of checks) {
    if (onlyWith !== undefined && !existsSync(join(root, onlyWith))) continue;
    const began = Date.now();
    const result = spawnSync(join(root, 'node_modules', '.bin', command), args, { cwd: root, encoding: 'utf8' });
    const passed = result.status === 0;
    if (!passed) {
      process.stdout.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
      failed.push(fix === '' ? name : `${name} (${fix})`);
    }
    process.stdout.write(`${passed ? '✓' : '✗'} ${name}  ${seconds(began)}\n`);
  }
  const verdict = failed.length === 0 ? 'Everything holds' : `Failed: ${failed.join(', ')}`;
  process.stdout.write(`${verdict}, ${seconds(started)} in all.\n`);
  return failed.length === 0 ? 0 : 1;
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

await runCommand(verify);
