// Runs inside the sandbox: starts the simulators, lets each server module answer its request in a process of its own, and
// prints what came as one line. Only Node is there to import.
import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServerCheck, Simulator, StartSimulator } from '../../contract/connector.ts';

/** What a server module answered, or why it did not. */
export interface CheckAnswer {
  status?: number;
  body?: Record<string, unknown>;
  error?: string;
}

interface Order {
  simulators: readonly { module: string; hosts: readonly string[] }[];
  checks: readonly ServerCheck[];
}

const milliseconds = 20_000;
const order = JSON.parse(process.argv[2] ?? '') as Order;
const running: Simulator[] = [];
const origins: Record<string, string> = {};
for (const { module, hosts } of order.simulators) {
  const { startSimulator } = (await import(pathToFileURL(module).href)) as { startSimulator: StartSimulator };
  const simulator = await startSimulator();
  running.push(simulator);
  for (const host of hosts) origins[host] = simulator.url;
}
const answers: CheckAnswer[] = [];
for (const check of order.checks) answers.push(await answerOf(check));
for (const simulator of running) await simulator.close();
process.stdout.write(`\ngraft-answers ${JSON.stringify(answers)}\n`);

function answerOf(check: ServerCheck): Promise<CheckAnswer> {
  const handler = fork(fileURLToPath(new URL('./call-handler.ts', import.meta.url)), [], {
    execArgv: [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      '--import',
      new URL('./preload-hosts.ts', import.meta.url).href,
    ],
    env: { ...environmentOfNode(), ...check.environment, GRAFT_HOST_ORIGINS: JSON.stringify(origins) },
  });
  return new Promise((settle) => {
    const timer = setTimeout(() => finish({ error: 'no answer within 20 s' }), milliseconds);
    handler.once('message', (answer: CheckAnswer) => finish(answer));
    handler.once('exit', (code) => finish({ error: `the module ended its process (exit ${code})` }));
    handler.send({ module: resolve(check.module), export: check.export, request: check.request });

    function finish(answer: CheckAnswer): void {
      clearTimeout(timer);
      handler.kill('SIGKILL');
      settle(answer);
    }
  });
}

function environmentOfNode(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = '', NODE_ENV = 'production' } = process.env;
  return { PATH, HOME, TMPDIR, NODE_ENV };
}
