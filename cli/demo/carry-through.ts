import { styleText } from 'node:util';
import { getConnector } from '../../connectors/index.ts';
import type { NextStep } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { demoCredentials } from './credentials.ts';
import type { DemoHost } from './demo-host.ts';
import type { GraftClient, InstallationView } from './graft-client.ts';
import { followProgress } from './live-progress.ts';
import { heading, say } from './say.ts';

/** The demo's app, at its code host and in Graft. */
export interface DemoApp {
  host: DemoHost;
  client: GraftClient;
  project: string;
  /** Are pull requests shown with their diffs? */
  diffs: boolean;
}

export interface DemoInstallation {
  id: string;
  name: string;
  /** Its path in the API. */
  path: string;
}

/** Installs a connector and merges its pull request; `place` tells which of several it is. Throws when it does not become active. */
export async function install(app: DemoApp, connector: string, place: string): Promise<DemoInstallation> {
  const { manifest } = getConnector(connector);
  heading(`Installing ${manifest.name}${place}`);
  const { id } = await app.client.request<{ id: string }>('POST', `/projects/${app.project}/connectors`, {
    connector,
    environment: 'development',
    options: {},
    credentials: demoCredentials(manifest, process.env),
  });
  const path = `/projects/${app.project}/connectors/${id}`;
  say(`  ${id}`);
  await untilMerged(app, path, '0');
  const { nextSteps } = await expectStatus(app, path, 'active');
  printNextSteps(manifest.name, nextSteps);
  return { id, name: manifest.name, path };
}

/** Takes an installation out and merges the pull request for that. Throws when it does not end as removed. */
export async function remove(app: DemoApp, { name, path }: DemoInstallation, place: string): Promise<void> {
  heading(`Removing ${name}${place}`);
  const last = await lastEvent(app.client, path);
  await app.client.request('DELETE', path);
  await untilMerged(app, path, last);
  await expectStatus(app, path, 'removed');
}

/** The installation as the API shows it; throws when it has another status than the one wanted. */
export async function expectStatus(
  { client }: DemoApp,
  path: string,
  wanted: InstallationView['status'],
): Promise<InstallationView> {
  const view = await client.request<InstallationView>('GET', path);
  if (view.status === wanted) return view;
  throw new GraftError('internal', `It is ${view.status}, not ${wanted}. ${view.message ?? ''}`);
}

/** Follows an operation to its pull request, prints and merges that as a reviewer would, and follows on to the end. */
async function untilMerged({ host, client, diffs }: DemoApp, path: string, after: string): Promise<void> {
  const proposed = await followProgress(client, path, after, true);
  if (proposed.why !== 'review') throw stuck(proposed);
  const { pullRequest } = await client.request<InstallationView>('GET', path);
  if (pullRequest === null) throw new GraftError('internal', 'The pull request is open but the API does not show it.');
  heading('The pull request');
  say(await host.review(pullRequest.number, diffs));
  heading(await host.merge(pullRequest.number));
  const ended = await followProgress(client, path, proposed.last, false);
  if (ended.why !== 'ended') throw stuck(ended);
}

async function lastEvent(client: GraftClient, path: string): Promise<string> {
  let last = '0';
  await client.follow(path, '0', (message) => {
    if (message.kind === 'event') last = message.event.id;
    return 'go on';
  });
  return last;
}

function stuck(stopped: Awaited<ReturnType<typeof followProgress>>): GraftError {
  if (stopped.why === 'attention') return new GraftError(stopped.reason, `It waits for people: ${stopped.message}`);
  return new GraftError('internal', `It ended too early (${stopped.why === 'ended' ? stopped.status : stopped.why}).`);
}

function printNextSteps(name: string, steps: readonly NextStep[]): void {
  heading(`Next steps for the developer: ${name}`);
  for (const { text, snippet } of steps) {
    say(`  • ${text.en}`);
    if (snippet !== undefined) say(styleText('dim', snippet.replace(/^/gm, '      ')));
  }
}
