import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Octokit } from 'octokit';
import { afterAll, expect, test } from 'vitest';
import { startSimulatedGithub } from './start.ts';

const root = await mkdtemp(path.join(tmpdir(), 'simulated-github-'));
const github = await startSimulatedGithub({ root });

afterAll(async () => {
  await github.close();
  await rm(root, { recursive: true, force: true });
});

test('an app commits, opens a pull request and merges it', async () => {
  const shop = { owner: 'acme', repo: 'shop' };
  await github.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'README.md': 'hi\n' } });
  const permissions = { contents: 'write', pull_requests: 'write' } as const;
  const { appId, privateKey } = await github.createApp({ slug: 'graft', permissions });
  const installation = await github.installApp(appId, 'acme', { repositories: ['shop'] });
  const app = new App({ appId, privateKey, Octokit: Octokit.defaults({ baseUrl: github.url }) });
  const { rest } = await app.getInstallationOctokit(installation);
  const main = await rest.git.getRef({ ...shop, ref: 'heads/main' });
  const base = await rest.git.getCommit({ ...shop, commit_sha: main.data.object.sha });
  const tree = await rest.git.createTree({
    ...shop,
    base_tree: base.data.tree.sha,
    tree: [{ path: 'src/index.ts', mode: '100644', content: 'export {};\n' }],
  });
  const commit = await rest.git.createCommit({
    ...shop,
    message: 'Add',
    tree: tree.data.sha,
    parents: [base.data.sha],
  });
  expect(commit.data.verification.verified).toBe(true);
  await rest.git.createRef({ ...shop, ref: 'refs/heads/graft/stripe', sha: commit.data.sha });
  const { data: pull } = await rest.pulls.create({ ...shop, head: 'graft/stripe', base: 'main', title: 'Add it' });
  const read = async () => (await rest.pulls.get({ ...shop, pull_number: pull.number })).data;
  expect((await read()).mergeable).toBeNull();
  expect((await read()).mergeable).toBe(true);
  await rest.pulls.merge({ ...shop, pull_number: pull.number });
  expect(await read()).toMatchObject({ merged: true, head: { sha: commit.data.sha } });
});
