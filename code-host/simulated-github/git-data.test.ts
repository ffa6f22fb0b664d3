import { execFileSync } from 'node:child_process';
import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { commitFile } from '../../test/harness/github-writing.ts';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let rest: Octokit['rest'];
let person: Octokit['rest'];
let folder: string;
let first: string;
let firstTree: string;

beforeAll(async () => {
  under = await startGithubUnderTest({ limits: { treeEntries: 20 } });
  const { github } = under;
  const files = { 'README.md': 'hi\n', 'src/a.ts': 'a\n', 'src/b.ts': 'b\n' };
  folder = await github.createRepository({ owner: 'acme', name: 'shop', private: true, files });
  await github.createRepository({ owner: 'acme', name: 'empty' });
  const { appId, privateKey } = await github.createApp({ slug: 'graft', permissions: { contents: 'write' } });
  const installation = await github.installApp(appId, 'acme');
  ({ rest } = await under.app(appId, privateKey).getInstallationOctokit(installation));
  person = under.client(await github.personToken('acme')).rest;
  first = (await rest.git.getRef({ ...shop, ref: 'heads/main' })).data.object.sha;
  firstTree = (await rest.git.getCommit({ ...shop, commit_sha: first })).data.tree.sha;
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

const commit = (path: string, content: string, parent = first) => commitFile(rest, shop, { path, content, parent });

const invalid = (message: string) => ({ status: 422, data: { message, status: '422' } });

test('refs are made, moved and deleted, and refused in GitHub’s words', async () => {
  const one = await commit('one.txt', '1\n');
  const ref = 'refs/heads/feature/x';
  const made = await rest.git.createRef({ ...shop, ref, sha: one });
  expect(made.data).toMatchObject({ ref, object: { type: 'commit', sha: one } });
  expect(await refusal(rest.git.createRef({ ...shop, ref, sha: one }))).toMatchObject(
    invalid('Reference already exists'),
  );
  const nothing = 'f'.repeat(40);
  expect(await refusal(rest.git.createRef({ ...shop, ref: 'refs/heads/y', sha: nothing }))).toMatchObject(
    invalid('Object does not exist'),
  );
  expect(await refusal(rest.git.createRef({ ...shop, ref: 'heads/y', sha: one }))).toMatchObject({ status: 422 });
  expect(await refusal(rest.git.createRef({ ...shop, ref: 'refs/heads/a..b', sha: one }))).toMatchObject({
    status: 422,
  });
  expect(await refusal(rest.git.createRef({ ...shop, ref: 'refs/heads/feature', sha: one }))).toMatchObject({
    status: 422,
  });

  const short = { ...shop, ref: 'heads/feature/x' };
  const back = await refusal(rest.git.updateRef({ ...short, sha: first }));
  expect(back).toMatchObject(invalid('Update is not a fast forward'));
  expect((await rest.git.updateRef({ ...short, sha: first, force: true })).data.object.sha).toBe(first);
  expect((await rest.git.updateRef({ ...short, sha: one })).data.object.sha).toBe(one);
  const matching = await rest.git.listMatchingRefs({ ...shop, ref: 'heads/fea' });
  expect(matching.data.map((found) => found.ref)).toEqual([ref]);
  expect((await rest.git.listMatchingRefs({ ...shop, ref: 'heads/none' })).data).toEqual([]);
  expect((await rest.git.getRef(short)).data.object.sha).toBe(one);
  expect((await rest.repos.getBranch({ ...shop, branch: 'feature/x' })).data.commit.sha).toBe(one);

  expect((await rest.git.deleteRef(short)).status).toBe(204);
  expect(await refusal(rest.git.deleteRef(short))).toMatchObject(invalid('Reference does not exist'));
  expect(await refusal(rest.git.updateRef({ ...short, sha: one }))).toMatchObject(invalid('Reference does not exist'));
  expect(await refusal(rest.git.getRef(short))).toMatchObject({ status: 404 });
  expect(await refusal(rest.repos.getBranch({ ...shop, branch: 'none' }))).toMatchObject({ status: 404 });
});

test('an empty repository has no git data', async () => {
  const empty = { ...shop, repo: 'empty' };
  const wanted = { status: 409, data: { message: 'Git Repository is empty.' } };
  expect(await refusal(rest.git.getRef({ ...empty, ref: 'heads/main' }))).toMatchObject(wanted);
  expect(await refusal(rest.git.createBlob({ ...empty, content: 'x' }))).toMatchObject(wanted);
  const tree = [{ path: 'a', mode: '100644', content: 'x' }] as const;
  expect(await refusal(rest.git.createTree({ ...empty, tree: [...tree] }))).toMatchObject(wanted);
  expect(await refusal(rest.repos.listCommits(empty))).toMatchObject(wanted);
});

test('a commit without author is the app’s own and verified, or the person’s and not', async () => {
  const wish = { ...shop, message: 'Nothing', tree: firstTree, parents: [first] };
  const { data: own } = await rest.git.createCommit(wish);
  expect(own.author).toMatchObject({
    name: 'graft[bot]',
    email: expect.stringMatching(/^\d+\+graft\[bot\]@users\.noreply/),
  });
  expect(own.committer.name).toBe('GitHub');
  expect(own.verification).toMatchObject({ verified: true, reason: 'valid' });
  const { data: read } = await rest.repos.getCommit({ ...shop, ref: own.sha });
  expect(read).toMatchObject({ author: { login: 'graft[bot]' }, committer: { login: 'web-flow' } });

  const author = { name: 'Ada', email: 'ada@example.com', date: '2020-02-03T04:05:06+02:00' };
  const { data: given } = await rest.git.createCommit({ ...wish, author });
  expect(given.author).toEqual({ name: 'Ada', email: 'ada@example.com', date: '2020-02-03T02:05:06Z' });
  expect(given.committer).toEqual(given.author);
  expect(given.verification).toMatchObject({ verified: false, reason: 'unsigned' });
  const { data: hers } = await person.git.createCommit(wish);
  expect(hers).toMatchObject({ author: { name: 'acme' }, verification: { verified: false } });

  expect(await refusal(rest.git.createCommit({ ...wish, tree: first }))).toMatchObject({ status: 422 });
  expect(await refusal(rest.git.createCommit({ ...wish, parents: [firstTree] }))).toMatchObject({ status: 422 });
  expect(await refusal(rest.git.getCommit({ ...shop, commit_sha: firstTree }))).toMatchObject({ status: 404 });
});

test('a tree is made of another one by adding, replacing and deleting', async () => {
  const { data: blob } = await rest.git.createBlob({
    ...shop,
    content: Buffer.from([0, 255]).toString('base64'),
    encoding: 'base64',
  });
  const read = await rest.git.getBlob({ ...shop, file_sha: blob.sha });
  expect(Buffer.from(read.data.content, 'base64')).toEqual(Buffer.from([0, 255]));
  const raw = await rest.git.getBlob({ ...shop, file_sha: blob.sha, mediaType: { format: 'raw' } });
  expect(Buffer.from(raw.data as unknown as ArrayBuffer).length).toBeGreaterThan(0);
  const { data: tree } = await rest.git.createTree({
    ...shop,
    base_tree: firstTree,
    tree: [
      { path: 'bin/run', mode: '100755', type: 'blob', sha: blob.sha },
      { path: 'link', mode: '120000', type: 'blob', content: 'README.md' },
      { path: 'src/a.ts', mode: '100644', type: 'blob', sha: null },
      { path: 'src/b.ts', mode: '100644', type: 'blob', content: 'new\n' },
      { path: 'copy', mode: '040000', type: 'tree', sha: firstTree },
    ],
  });
  const { data: all } = await rest.git.getTree({ ...shop, tree_sha: tree.sha, recursive: '1' });
  expect(all.tree.filter((entry) => entry.type === 'blob').map((entry) => `${entry.mode} ${entry.path}`)).toEqual([
    '100644 README.md',
    '100755 bin/run',
    '100644 copy/README.md',
    '100644 copy/src/a.ts',
    '100644 copy/src/b.ts',
    '120000 link',
    '100644 src/b.ts',
  ]);
  expect(all.truncated).toBe(false);
  expect((await rest.git.getTree({ ...shop, tree_sha: 'main' })).data.sha).toBe(firstTree);

  const make = (entry: object, base_tree = firstTree) =>
    refusal(rest.git.createTree({ ...shop, base_tree, tree: [{ mode: '100644', type: 'blob', ...entry }] }));
  expect(await make({ path: 'none', sha: null })).toMatchObject(invalid('GitRPC::BadObjectState'));
  expect(await make({ path: '/a', content: 'x' })).toMatchObject(invalid('tree.path cannot start with a slash'));
  expect(await make({ path: 'a/../b', content: 'x' })).toMatchObject(
    invalid('tree.path contains a malformed path component'),
  );
  expect(await make({ path: 'a', sha: 'e'.repeat(40) })).toMatchObject(
    invalid(`tree.sha ${'e'.repeat(40)} is not a valid blob`),
  );
  expect(await make({ path: 'a', content: 'x' }, first)).toMatchObject(invalid('base_tree is not a valid tree oid'));
  expect(await refusal(rest.git.getBlob({ ...shop, file_sha: firstTree }))).toMatchObject({ status: 404 });
  expect(await refusal(rest.git.getTree({ ...shop, tree_sha: 'none' }))).toMatchObject({ status: 404 });
});

test('a tree that is too large is cut off and says so', async () => {
  const tree = Array.from({ length: 30 }, (_, number) => ({
    path: `many/${number}`,
    mode: '100644' as const,
    content: 'x',
  }));
  const { data } = await rest.git.createTree({ ...shop, tree });
  const { data: read } = await rest.git.getTree({ ...shop, tree_sha: data.sha, recursive: '1' });
  expect(read).toMatchObject({ truncated: true });
  expect(read.tree).toHaveLength(20);
});

test('a body that is no JSON, or not of the described shape, is refused', async () => {
  const { github, proxy } = under;
  const token = await github.personToken('acme');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = async (body: string) => {
    const answer = await fetch(`${proxy.url}/repos/acme/shop/git/refs`, { method: 'POST', headers, body });
    return { status: answer.status, message: ((await answer.json()) as { message: string }).message };
  };
  expect(await post('{')).toEqual({ status: 400, message: 'Problems parsing JSON' });
  expect(await post('{"ref":1}')).toEqual({
    status: 422,
    message: "Invalid request.\n\nFor 'properties/ref', 1 is not a string.",
  });
  expect(await post('{}')).toEqual({ status: 422, message: 'Invalid request.\n\n"ref" wasn\'t supplied.' });
  expect(await post('1')).toEqual({ status: 400, message: 'Body should be a JSON object' });
});

test('what is pushed into the folder is seen', async () => {
  execFileSync('git', ['--git-dir', folder, 'update-ref', 'refs/heads/by-hand', first]);
  expect((await rest.git.getRef({ ...shop, ref: 'heads/by-hand' })).data.object.sha).toBe(first);
});

test('a commit that changes workflows needs the permission for them', async () => {
  const sha = await commit('.github/workflows/ci.yml', 'on: push\n');
  const wish = { ...shop, ref: 'refs/heads/workflows', sha };
  expect(await refusal(rest.git.createRef(wish))).toMatchObject({
    status: 403,
    headers: { 'x-accepted-github-permissions': 'contents=write; contents=write,workflows=write' },
    data: { message: 'Resource not accessible by integration' },
  });
  expect((await person.git.createRef(wish)).status).toBe(201);
  const next = await commit('other.txt', 'x\n', sha);
  expect((await rest.git.updateRef({ ...shop, ref: 'heads/workflows', sha: next })).status).toBe(200);
});
