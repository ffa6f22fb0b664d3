import { execFileSync } from 'node:child_process';
import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { commitFile } from '../../test/harness/github-writing.ts';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let rest: Octokit['rest'];
let first: string;

beforeAll(async () => {
  under = await startGithubUnderTest({ limits: { comparedFiles: 10 } });
  const { github } = under;
  const files = { 'README.md': 'hi\n', 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' };
  await github.createRepository({ owner: 'acme', name: 'shop', private: true, files });
  const { appId, privateKey } = await github.createApp({ slug: 'graft', permissions: { contents: 'write' } });
  const installation = await github.installApp(appId, 'acme');
  ({ rest } = await under.app(appId, privateKey).getInstallationOctokit(installation));
  first = (await rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

const commit = (path: string, content: string, parent = first) => commitFile(rest, shop, { path, content, parent });

const invalid = (message: string) => ({ status: 422, data: { message, status: '422' } });

test('commits are listed, read and compared', async () => {
  let tip = first;
  for (let number = 0; number < 4; number++) tip = await commit(`list/${number}.txt`, `${number}\n`, tip);
  const side = await commit('README.md', 'other\n');
  await rest.git.createRef({ ...shop, ref: 'refs/heads/longer', sha: tip });
  await rest.git.createRef({ ...shop, ref: 'refs/heads/si/de', sha: side });
  const listed = await rest.repos.listCommits({ ...shop, sha: 'longer', per_page: 2 });
  expect(listed.data.map(({ sha }) => sha)[0]).toBe(tip);
  expect(listed.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/);
  const byPath = await rest.repos.listCommits({ ...shop, sha: 'longer', path: 'list/1.txt' });
  expect(byPath.data.map((found) => found.commit.message)).toEqual(['Write list/1.txt']);
  expect(await refusal(rest.repos.listCommits({ ...shop, sha: 'none' }))).toMatchObject({ status: 404 });

  const { data: read } = await rest.repos.getCommit({ ...shop, ref: 'si/de' });
  expect(read).toMatchObject({
    sha: side,
    stats: { additions: 1, deletions: 1 },
    files: [{ filename: 'README.md', status: 'modified', patch: '@@ -1 +1 @@\n-hi\n+other' }],
  });
  expect(await refusal(rest.repos.getCommit({ ...shop, ref: 'none' }))).toMatchObject(
    invalid('No commit found for SHA: none'),
  );
  const { data: sha } = await rest.repos.getCommit({ ...shop, ref: 'heads/main', mediaType: { format: 'sha' } });
  expect(Buffer.from(sha as unknown as ArrayBuffer).length + String(sha).length).toBeGreaterThan(0);

  const { data: compared } = await rest.repos.compareCommitsWithBasehead({ ...shop, basehead: 'longer...si/de' });
  expect(compared).toMatchObject({
    status: 'diverged',
    ahead_by: 1,
    behind_by: 4,
    total_commits: 1,
    merge_base_commit: { sha: first },
    commits: [{ sha: side, parents: [{ sha: first }] }],
    files: [{ filename: 'README.md' }],
  });
  const ahead = { ...shop, basehead: `main...${tip}`, per_page: 3 };
  const pages = [1, 2].map((page) => rest.repos.compareCommitsWithBasehead({ ...ahead, page }));
  const [one, two] = await Promise.all(pages);
  expect(one?.data).toMatchObject({ status: 'ahead', total_commits: 4, commits: { length: 3 } });
  expect(two?.data.commits.map((found) => found.sha)).toEqual([tip]);
  const same = await rest.repos.compareCommitsWithBasehead({ ...shop, basehead: 'main...main' });
  expect(same.data).toMatchObject({ status: 'identical', files: [] });
  expect(await refusal(rest.repos.compareCommitsWithBasehead({ ...shop, basehead: 'main...none' }))).toMatchObject({
    status: 404,
  });
});

test('branches are merged', async () => {
  const side = await commit('merge-me.txt', 'm\n');
  const main = await commit('here.txt', 'h\n');
  const clash = await commit('here.txt', 'other\n');
  for (const [name, sha] of Object.entries({ side, into: main, clash })) {
    await rest.git.createRef({ ...shop, ref: `refs/heads/merging/${name}`, sha });
  }
  const base = 'merging/into';
  const { data: merged } = await rest.repos.merge({ ...shop, base, head: 'merging/side' });
  expect(merged.parents.map(({ sha }) => sha)).toEqual([main, side]);
  expect(merged.commit.message).toBe('Merge merging/side into merging/into');
  expect((await rest.repos.merge({ ...shop, base, head: side })).status).toBe(204);
  const refused = (head: string, into = base) => refusal(rest.repos.merge({ ...shop, base: into, head }));
  expect(await refused('merging/clash')).toMatchObject({ status: 409, data: { message: 'Merge conflict' } });
  expect(await refused('none')).toMatchObject({ status: 404, data: { message: 'Head does not exist' } });
  expect(await refused('merging/side', 'none')).toMatchObject({
    status: 404,
    data: { message: 'Base does not exist' },
  });
});

test('a tarball comes by a redirect and honours export-ignore', async () => {
  const attributes = await commit('.gitattributes', 'src export-ignore\n');
  await rest.git.createRef({ ...shop, ref: 'refs/heads/archive', sha: attributes });
  const { data, url } = await rest.repos.downloadTarballArchive({ ...shop, ref: 'archive' });
  expect(url).toContain('/codeload/acme/shop/legacy.tar.gz/archive?');
  const listing = execFileSync('tar', ['tz'], { input: Buffer.from(data as ArrayBuffer), encoding: 'utf8' });
  const root = `acme-shop-${attributes.slice(0, 7)}/`;
  expect(listing.split('\n').filter(Boolean)).toEqual([root, `${root}.gitattributes`, `${root}README.md`]);
  expect((await fetch(url.replace(/token=\w+/, 'token=x'))).status).toBe(404);
  expect(await refusal(rest.repos.downloadTarballArchive({ ...shop, ref: 'none' }))).toMatchObject({ status: 404 });
});

test('a comparison shows no more files than its limit', async () => {
  const tree = Array.from({ length: 12 }, (_, number) => ({
    path: `${number}`,
    mode: '100644' as const,
    content: 'x',
  }));
  const { data } = await rest.git.createTree({ ...shop, tree });
  const { data: many } = await rest.git.createCommit({ ...shop, message: 'Many', tree: data.sha, parents: [first] });
  const compared = await rest.repos.compareCommitsWithBasehead({ ...shop, basehead: `main...${many.sha}` });
  expect(compared.data.files).toHaveLength(10);
});
