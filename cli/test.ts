import { resolveTemporalCli } from './embedded/temporal-cli.ts';
import { resolveTestServer } from './embedded/test-server.ts';
import { runCommand } from './run-command.ts';
import { runVitest } from './run-vitest.ts';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Gets the servers that the tests need, then runs vitest with the arguments given, to its exit code. */
async function test(): Promise<number> {
  await resolveTemporalCli(say);
  await resolveTestServer(say);
  return runVitest(process.argv.slice(2));
}

await runCommand(test);
