import { defaultStateDir } from './embedded/state.ts';
import type { Stack } from './embedded/stack.ts';
import { runCommand } from './run-command.ts';
import { withStack } from './with-stack.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Brings the stack up over `.state/` and stays until it is asked to end, or one of its processes ends by itself. */
async function start(): Promise<number> {
  say('Starting PostgreSQL, Temporal, api, control worker and build worker …');
  const result = await withStack({ stateDir: defaultStateDir, ports: 'fixed', logs: say }, (stack) => {
    say(describe(stack));
    return new Promise(() => undefined);
  });
  say('Everything has ended.');
  return result === 'asked' ? 0 : result;
}

function describe(stack: Stack): string {
  const simulated = Object.keys(stack.simulators);
  return `
  API          ${stack.apiUrl}/api/v1
  Temporal UI  ${stack.temporalUiUrl}
  Providers    ${simulated.length === 0 ? 'the real ones' : `simulated: ${simulated.join(', ')}`}
  Logs         ${stack.logs}

  A token for the API:  npm run -s token -- create --name me --scopes read,write,admin
  Ctrl-C ends everything; the data stays in ${defaultStateDir}.
`;
}

await runCommand(start);
