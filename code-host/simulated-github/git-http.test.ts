import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const run = promisify(execFile);
const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let folder: string;

beforeAll(async () => {
  under = await startGithubUnderTest();
  folder = await mkdtemp(path.join(tmpdir(), 'simulated-github-clone-'));
  await under.github.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'a.txt': 'a\n' } });
  await under.github.createRepository({ owner: 'acme', name: 'open', files: { 'a.txt': 'a\n' } });
  await under.github.addPerson('rosa');
  await under.github.setPermission('acme/shop', 'rosa', 'write');
});

afterAll(async () => {
  under.proxy.assertDescribed();
  await under.close();
  await rm(folder, { recursive: true, force: true });
});

async function git(...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=Rosa', '-c', 'user.email=rosa@example.com'];
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
  };
  const { stdout, stderr } = await run('git', [...identity, ...args], { cwd: folder, env });
  return `${stdout}${stderr}`.trim();
}

function addressOf(name: string, token?: string): string {
  const url = new URL(`/acme/${name}.git`, under.proxy.url);
  if (token !== undefined) Object.assign(url, { username: 'x-access-token', password: token });
  return url.href;
}

test('a person clones, pushes, and the pull request follows', async () => {
  const { github } = under;
  const token = await github.personToken('rosa');
  const { rest } = under.client(token);
  const clone = path.join(folder, 'shop');
  await git('clone', '--quiet', addressOf('shop', token), clone);
  const push = async (file: string, ...more: string[]) => {
    await writeFile(path.join(clone, file), 'x\n');
    await git('-C', clone, 'add', file);
    await git('-C', clone, 'commit', '--quiet', '--message', `Add ${file}`);
    await git('-C', clone, 'push', '--quiet', 'origin', ...more, 'HEAD');
    return await git('-C', clone, 'rev-parse', 'HEAD');
  };
  await git('-C', clone, 'checkout', '--quiet', '-b', 'side');
  const one = await push('b.txt');
  const { data: pull } = await rest.pulls.create({ ...shop, head: 'side', base: 'main', title: 'Hers' });
  expect(pull).toMatchObject({ head: { sha: one }, user: { login: 'rosa' } });
  const two = await push('c.txt');
  const read = async () => (await rest.pulls.get({ ...shop, pull_number: pull.number })).data;
  expect((await read()).head.sha).toBe(two);

  await git('-C', clone, 'fetch', '--quiet', 'origin', `refs/pull/${pull.number}/head`);
  await expect(git('-C', clone, 'push', 'origin', 'HEAD:refs/pull/9/head')).rejects.toThrow(/hidden ref/);
  await git('-C', clone, 'push', '--quiet', 'origin', 'HEAD:main');
  expect(await read()).toMatchObject({ merged: true, merged_by: { login: 'rosa' }, merge_commit_sha: two });
  expect((await rest.repos.getCommit({ ...shop, ref: 'main' })).data).toMatchObject({ author: null });
});

test('who may not, cannot', async () => {
  const { github } = under;
  await expect(git('ls-remote', addressOf('shop'))).rejects.toThrow(/could not read Username|Authentication/);
  await expect(git('ls-remote', addressOf('shop', 'nonsense'))).rejects.toThrow(/Authentication failed/);
  expect(await git('ls-remote', addressOf('open'))).toContain('refs/heads/main');
  await github.addPerson('reader');
  await github.setPermission('acme/shop', 'reader', 'read');
  const token = await github.personToken('reader');
  expect(await git('ls-remote', addressOf('shop', token))).toContain('refs/heads/main');
  const clone = path.join(folder, 'shop');
  await expect(git('-C', clone, 'push', addressOf('shop', token), 'HEAD:theirs')).rejects.toThrow(/403/);
  await github.addPerson('stranger');
  const stranger = await github.personToken('stranger');
  await expect(git('ls-remote', addressOf('shop', stranger))).rejects.toThrow(/not found/);
});

test('an installation token clones what it may read', async () => {
  const { github } = under;
  const { appId, privateKey } = await github.createApp({ slug: 'graft', permissions: { contents: 'read' } });
  const installation = await github.installApp(appId, 'acme', { repositories: ['shop'] });
  const { data } = await under.app(appId, privateKey).octokit.rest.apps.createInstallationAccessToken({
    installation_id: installation,
  });
  expect(await git('ls-remote', addressOf('shop', data.token))).toContain('refs/heads/side');
  const clone = path.join(folder, 'shop');
  await expect(git('-C', clone, 'push', addressOf('shop', data.token), 'HEAD:bot')).rejects.toThrow(/403/);
  expect(await refusal(under.client(data.token).rest.git.getRef({ ...shop, ref: 'heads/bot' }))).toMatchObject({
    status: 404,
  });
});
