import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { getConnector } from '../connectors/index.ts';
import type { NextStep } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { createToken } from '../db/queries/tokens.ts';
import { chooseDemoHost } from './demo/choose-host.ts';
import type { DemoHost } from './demo/demo-host.ts';
import { type DemoFlags, readFlags } from './demo/flags.ts';
import { GraftClient, type InstallationView } from './demo/graft-client.ts';
import { followProgress } from './demo/live-progress.ts';
import { proveEnded, proveNothingLeft } from './demo/proof.ts';
import { demoCredentials } from './demo/credentials.ts';
import type { Stack } from './embedded/stack.ts';
import { runCommand } from './run-command.ts';
import { withStack } from './with-stack.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const heading = (line: string) => say(`\n${styleText('bold', line)}`);

/** Installs a connector into a fresh Expo app through the whole stack, and takes it out again without a trace. */
async function demo(): Promise<number> {
  const flags = readFlags();
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
  const { connector } = flags;
  const { manifest } = getConnector(connector);
  const simulated = connector in stack.simulators;
  say(`  API ${stack.apiUrl}, Temporal UI ${stack.temporalUiUrl}`);
  say(
    `  ${manifest.name}: ${simulated ? 'its simulator (no keys in the environment)' : 'the real one, with the keys of the environment'}`,
  );

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

    heading(`Installing ${manifest.name}`);
    const installation = await client.request<{ id: string }>('POST', `/projects/${project.id}/connectors`, {
      connector,
      environment: 'development',
      options: {},
      credentials: demoCredentials(manifest, process.env),
    });
    const path = `/projects/${project.id}/connectors/${installation.id}`;
    say(`  ${installation.id}`);
    const review = { host, client, path };
    await untilMerged(review, '0');
    const active = await client.request<InstallationView>('GET', path);
    expectStatus(active, 'active');
    printNextSteps(active.nextSteps);
    if (flags.keep) return 0;

    heading(`Removing ${manifest.name}`);
    const { last } = await lastEvent(client, path);
    await client.request('DELETE', path);
    await untilMerged(review, last);
    expectStatus(await client.request<InstallationView>('GET', path), 'removed');

    heading('What is left');
    return await proveNothingLeft({ ...stack, host, tree, names, database, installation: installation.id });
  } finally {
    await closeDatabase(database);
  }
}

interface Review {
  host: DemoHost;
  client: GraftClient;
  path: string;
}

/** Follows an operation to its pull request, prints and merges that as a reviewer would, and follows on to the end. */
async function untilMerged({ host, client, path }: Review, after: string): Promise<void> {
  const proposed = await followProgress(client, path, after, true);
  if (proposed.why !== 'review') throw stuck(proposed);
  const { pullRequest } = await client.request<InstallationView>('GET', path);
  if (pullRequest === null) throw new GraftError('internal', 'The pull request is open but the API does not show it.');
  heading('The pull request');
  say(await host.review(pullRequest.number));
  heading(await host.merge(pullRequest.number));
  const ended = await followProgress(client, path, proposed.last, false);
  if (ended.why !== 'ended') throw stuck(ended);
}

async function lastEvent(client: GraftClient, path: string): Promise<{ last: string }> {
  let last = '0';
  await client.follow(path, '0', (message) => {
    if (message.kind === 'event') last = message.event.id;
    return 'go on';
  });
  return { last };
}

function stuck(stopped: Awaited<ReturnType<typeof followProgress>>): GraftError {
  if (stopped.why === 'attention') return new GraftError(stopped.reason, `It waits for people: ${stopped.message}`);
  return new GraftError('internal', `It ended too early (${stopped.why === 'ended' ? stopped.status : stopped.why}).`);
}

function expectStatus({ status, message }: InstallationView, wanted: InstallationView['status']): void {
  if (status !== wanted) throw new GraftError('internal', `It is ${status}, not ${wanted}. ${message ?? ''}`);
}

function printNextSteps(steps: readonly NextStep[]): void {
  heading('Next steps for the developer');
  for (const { text, snippet } of steps) {
    say(`  • ${text.en}`);
    if (snippet !== undefined) say(styleText('dim', snippet.replace(/^/gm, '      ')));
  }
}

await runCommand(demo);
