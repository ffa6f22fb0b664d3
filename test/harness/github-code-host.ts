import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { createGithubClient, type GithubClient, type GithubIdentity } from '../../code-host/github/client.ts';
import type { MadeRequest } from '../../code-host/github/octokit.ts';
import { createGithubCodeHost } from '../../code-host/github/index.ts';
import type { SimulatedGithub } from '../../code-host/simulated-github/start.ts';
import type { Permissions } from '../../code-host/simulated-github/state.ts';
import type { CodeHostUnderTest, SeedFile } from '../conformance/code-host.ts';
import { type PersonsClone, makeClone } from './persons-clone.ts';
import { type GithubUnderTest, startGithubUnderTest } from './simulated-github.ts';

// Compiling GitHub's description costs more than a test: one simulator serves all tests of a file, each its own owner.
let shared: Promise<GithubUnderTest> | undefined;
let owners = 0;

/** Ends what `makeGithubHost` started. */
export async function closeGithub(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}

/** What a person gives the App, as docs/github.md says. */
export const appPermissions: Permissions = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  actions: 'read',
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
};

/** What a person gives a fine-grained token. */
export const tokenPermissions: Permissions = {
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  statuses: 'write',
  actions: 'read',
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
};

export interface GithubHostUnderTest extends CodeHostUnderTest, Pick<GithubUnderTest, 'github' | 'proxy'> {
  /** What the host works with. */
  connection: GithubClient;
  identity: GithubIdentity;
  /** Folder of the bare repository. */
  bare: string;
  git: PersonsClone['git'];
  /** Requests since the last look. */
  takeRequests(): readonly MadeRequest[];
  /** Another worker: the same identity and key, and nothing remembered. */
  another(over?: { identity?: GithubIdentity; apiUrl?: string }): GithubClient;
}

/** A simulated GitHub with one private repository behind the checking proxy, and a person's clone of it. */
export async function makeGithubHost(
  files: Readonly<Record<string, SeedFile>>,
  kind: GithubIdentity['kind'],
): Promise<GithubHostUnderTest> {
  const { github, proxy } = await (shared ??= startGithubUnderTest());
  const owner = `acme-${++owners}`;
  const repository = `${owner}/app`;
  const bare = await github.createRepository({ owner, name: 'app', private: true });
  // As the merge button of the local code host does.
  await github.configure(repository, { deleteBranchOnMerge: true });
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-github-'));
  for (const login of ['maintainer', 'reader', 'robot']) await github.addPerson(login);
  await github.setPermission(repository, 'maintainer', 'maintain');
  await github.setPermission(repository, 'robot', 'write');
  await github.setPermission(repository, 'reader', 'read');
  const { git, ...clone } = await makeClone({ folder: path.join(folder, 'clone'), bare, files });
  // The pushes go past the simulator, which looks at each like GitHub when it is asked for something.
  const seen = async <Result>(pushing: Promise<Result>): Promise<Result> => {
    const result = await pushing;
    await (await fetch(`${github.url}/repos/${repository}`, { headers: reading })).arrayBuffer();
    return result;
  };
  const reading = { authorization: `token ${await github.personToken('maintainer')}` };
  await seen(Promise.resolve());

  const identity = kind === 'app' ? await installedApp(github, owner) : await tokenOf(github, repository);
  const made: MadeRequest[] = [];
  const markKey = new Uint8Array(32).fill(7);
  const another: GithubHostUnderTest['another'] = (over) =>
    createGithubClient({ apiUrl: proxy.url, identity, markKey, onRequest: (one) => made.push(one), ...over });
  const connection = another();
  return {
    github,
    proxy,
    host: createGithubCodeHost(connection),
    connection,
    identity,
    repository,
    absentRepository: `${owner}/nowhere`,
    bare,
    git,
    another,
    takeRequests: () => made.splice(0),
    person: {
      push: async (...args) => await seen(clone.push(...args)),
      amend: async (...args) => await seen(clone.amend(...args)),
      rebase: async (...args) => await seen(clone.rebase(...args)),
      resetToBase: async (...args) => await seen(clone.resetToBase(...args)),
      mergeByHand: async (...args) => await seen(clone.mergeByHand(...args)),
      deleteBranch: async (...args) => await seen(clone.deleteBranch(...args)),
      async pressMerge(number, how) {
        await github.act('maintainer').merge(repository, number, how);
      },
      async pressClose(number) {
        await github.act('maintainer').close(repository, number);
      },
      async retitle(number, title) {
        const identity = { kind: 'token', token: await github.personToken('maintainer') } as const;
        const { octokit, at } = await another({ identity }).repository(repository);
        const next = { pull_number: number, title };
        await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, ...next });
      },
      async comment(number, text) {
        await github.act('maintainer').comment(repository, number, text);
      },
    },
    async said(number, commit) {
      // Read by another who may.
      const { octokit, at } = await another({ identity: await tokenOf(github, repository) }).repository(repository);
      const comments = await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...at,
        issue_number: number,
      });
      const texts = comments.map(({ body }) => body ?? '');
      if (kind === 'token') {
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/status', {
          ...at,
          ref: commit,
        });
        const names = new Map([
          ['graft/types', 'Types'],
          ['graft/build', 'Build'],
        ]);
        const shown = data.statuses.map(({ context, state }) => `${names.get(context)}: ${verdictOf(state)}`);
        return { comments: texts, checks: shown };
      }
      const app = await connection.repository(repository);
      const { data } = await app.octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
        ...at,
        ref: commit,
      });
      const shown = data.check_runs.map((run) => `${run.name.replace('graft / ', '')}: ${verdictOf(run.conclusion)}`);
      return { comments: texts, checks: shown };
    },
    async remove() {
      const violations = proxy.violations().slice();
      proxy.forgetViolations();
      await rm(folder, { recursive: true, force: true });
      expect(violations).toEqual([]);
    },
  };
}

function verdictOf(conclusion: string | null): string {
  return conclusion === 'failure' ? 'failed' : String(conclusion);
}

async function installedApp(github: SimulatedGithub, owner: string): Promise<GithubIdentity> {
  const { appId, privateKey } = await github.createApp({ slug: `graft-${owner}`, permissions: appPermissions });
  await github.installApp(appId, owner, { repositories: ['app'] });
  return { kind: 'app', appId: String(appId), privateKey };
}

async function tokenOf(github: SimulatedGithub, repository: string): Promise<GithubIdentity> {
  const wish = { permissions: tokenPermissions, repositories: [repository] };
  return { kind: 'token', token: await github.personToken('robot', wish) };
}
