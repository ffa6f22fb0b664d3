import { setTimeout as pause } from 'node:timers/promises';
import { publicApi, readGithubIdentity } from '../../code-host/github/identity.ts';
import { type GithubClient, createGithubClient } from '../../code-host/github/client.ts';
import { createGithubCodeHost } from '../../code-host/github/index.ts';
import { createGithubValues } from '../../code-host/github/values.ts';
import { GraftError } from '../../contract/errors.ts';
import { branchFolder } from '../../contract/ids.ts';
import { printReview } from '../print-review.ts';
import type { DemoHost } from './demo-host.ts';

const lookEveryMilliseconds = 10_000;

/** An app of yours at the real GitHub: its pull requests are merged by you in the browser, or by the demo when it was asked to. */
export async function openGithubDemoHost(
  repository: string,
  { merge, environment }: { merge: boolean; environment: Readonly<Record<string, string | undefined>> },
): Promise<DemoHost> {
  const identity = await readGithubIdentity(environment);
  if (identity === undefined)
    throw new GraftError(
      'invalid_request',
      '--repo needs GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE.',
    );
  const apiUrl = environment['GITHUB_API_URL'] || publicApi;
  // The mark tells our own commits from people's; here nothing is written, so any key will do.
  const client = createGithubClient({ apiUrl, identity, markKey: new Uint8Array(32) });
  const host = createGithubCodeHost(client);
  const values = createGithubValues(client);
  await host.checkAccess(repository);
  return {
    kind: 'github',
    repository,
    place: repository,
    baseTree: async () => (await host.readBase(repository)).tree,
    ourBranches: () => host.listBranches(repository, branchFolder),
    publishedNames: async () =>
      values.list(await values.placeOf({ project: '', repository, environment: 'development' })),
    async review(number) {
      const pull = await host.readPullRequest(repository, number);
      const look = { repository, checks: undefined, colour: process.stdout.isTTY, linesPerFile: 0 };
      const text = printReview(pull, undefined, look);
      return `${text}\n  Files and checks: ${pull.url}`;
    },
    async merge(number) {
      if (merge) await pressMerge(client, repository, number);
      else process.stdout.write('\n  Waiting until you merge it in the browser …\n');
      for (;;) {
        const { state } = await host.readPullRequest(repository, number);
        if (state === 'merged') return `Merged pull request ${number}`;
        if (state === 'closed') throw new GraftError('code_host_refused', `Pull request ${number} was closed.`);
        await pause(lookEveryMilliseconds);
      }
    },
  };
}

async function pressMerge(client: GithubClient, repository: string, number: number): Promise<void> {
  const { octokit, at } = await client.repository(repository);
  await octokit.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', { ...at, pull_number: number });
}
