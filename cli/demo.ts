import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { getConnector } from '../connectors/index.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { createToken } from '../db/queries/tokens.ts';
import { chooseDemoHost } from './demo/choose-host.ts';
import { type DemoApp, type DemoInstallation, expectStatus, install, remove } from './demo/carry-through.ts';
import { type DemoFlags, readFlags } from './demo/flags.ts';
import { GraftClient } from './demo/graft-client.ts';
import { proveEnded, proveNothingLeft } from './demo/proof.ts';
import { heading, say } from './demo/say.ts';
import type { Stack } from './embedded/stack.ts';
import { runCommand } from './run-command.ts';
import { withStack } from './with-stack.ts';

/** Installs connectors into a fresh Expo app through the whole stack, and takes them out again without a trace. */
async function demo(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  const { keep } = flags;
  const stateDir = await mkdtemp(join(tmpdir(), 'graft-demo-'));
  heading('Starting PostgreSQL, Temporal, api, control worker and build worker');
  let succeeded = false;
  let processes: readonly number[] = [];
  try {
    const simulatedGithub = flags.codeHost === 'github' && flags.repo === undefined;
    const result = await withStack({ stateDir, logs: say, simulatedGithub }, async (stack) => {
      processes = Object.values(stack.processes);
      const failures = await story(stack, flags);
      if (!keep || failures > 0) return failures === 0 ? 0 : 1;
      say(`\n  API ${stack.apiUrl}/api/v1, Temporal UI ${stack.temporalUiUrl}. Ctrl-C ends everything.`);
      return new Promise(() => undefined);
    });
    if (result === 0 && !proveEnded(processes)) return 1;
    succeeded = result === 0 || result === 'asked';
    return result === 'asked' ? (keep ? 0 : 130) : result;
  } finally {
    if (succeeded) await rm(stateDir, { recursive: true, force: true });
    else say(`Everything of this run, logs included, stays in ${stateDir}.`);
  }
}

async function story(stack: Stack, flags: DemoFlags): Promise<number> {
  const { connectors } = flags;
  say(`  API ${stack.apiUrl}, Temporal UI ${stack.temporalUiUrl}`);
  for (const id of connectors) {
    const simulated = id in stack.simulators;
    const which = simulated
      ? 'its simulator (no keys in the environment)'
      : 'the real one, with the keys of the environment';
    say(`  ${getConnector(id).manifest.name}: ${which}`);
  }

  heading(flags.repo === undefined ? 'A fresh Expo app, in a repository with a lock file' : 'The app');
  const host = await chooseDemoHost(stack, flags);
  const [tree, names] = [await host.baseTree(), await host.publishedNames()];
  say(`  ${host.place}, tree ${tree}`);

  const database = connectDatabase(stack.databaseUrl, { connections: 2 });
  try {
    const { token } = await createToken(database, { name: 'demo', scopes: ['read', 'write', 'admin'], project: null });
    const client = new GraftClient(stack.apiUrl, token);
    const project = await client.request<{ id: string }>('POST', '/projects', {
      name: 'Demo app',
      codeHost: host.kind,
      repository: host.repository,
      appDir: flags.appDir,
    });
    say(`  registered as ${project.id}`);

    // The diffs of one connector are read; those of all together are thousands of lines.
    const app = { host, client, project: project.id, diffs: connectors.length === 1 };
    const placeOf = (at: number) => (connectors.length === 1 ? '' : ` (${at + 1} of ${connectors.length})`);
    const installations: DemoInstallation[] = [];
    for (const [at, id] of connectors.entries()) installations.push(await install(app, id, placeOf(at)));
    if (installations.length > 1) await showActive(app, installations, 'All active together');
    if (flags.keep) return 0;

    // In the order they came, so that each removal but the last has to leave later ones alone.
    for (const [at, installation] of installations.entries()) {
      await remove(app, installation, placeOf(at));
      const others = installations.slice(at + 1);
      if (others.length > 0) await showActive(app, others, 'Still active');
    }

    heading('What is left');
    const ids = installations.map(({ id }) => id);
    return await proveNothingLeft({ ...stack, host, tree, names, database, installations: ids });
  } finally {
    await closeDatabase(database);
  }
}

async function showActive(app: DemoApp, installations: readonly DemoInstallation[], title: string): Promise<void> {
  heading(title);
  for (const { name, path } of installations) {
    const { publishedNames } = await expectStatus(app, path, 'active');
    say(`  ${styleText('green', '✓')} ${name.padEnd(14)}${styleText('dim', publishedNames.join(', '))}`);
  }
}

await runCommand(demo);
