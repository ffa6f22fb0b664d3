import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
let under: GithubUnderTest;
let now = Date.parse('2026-05-01T10:00:00Z');
let appId: number;
let privateKey: string;
let installation: number;

beforeAll(async () => {
  under = await startGithubUnderTest({ now: () => new Date(now) });
  const { github } = under;
  await github.createRepository({ owner: 'acme', name: 'shop', private: true, files: { 'README.md': 'hi\n' } });
  await github.createRepository({ owner: 'acme', name: 'secret', private: true, files: { 'README.md': 'hi\n' } });
  await github.createRepository({ owner: 'acme', name: 'open', files: { 'README.md': 'hi\n' } });
  const permissions = { contents: 'write', pull_requests: 'write' } as const;
  ({ appId, privateKey } = await github.createApp({ slug: 'graft', permissions, owner: 'graft-makers' }));
  installation = await github.installApp(appId, 'acme', { repositories: ['shop'] });
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

interface Claims {
  iss?: unknown;
  iat?: unknown;
  exp?: unknown;
}

function jsonWebToken(claims: Claims, key: KeyObject | string = privateKey): string {
  const seconds = Math.floor(now / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: appId, iat: seconds - 60, exp: seconds + 540, ...claims })}`;
  const signer = typeof key === 'string' ? createPrivateKey(key) : key;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), signer).toString('base64url')}`;
}

const asApp = (claims: Claims = {}) => under.client(jsonWebToken(claims)).rest.apps;

async function installationToken(wish: object = {}): Promise<string> {
  const { data } = await asApp().createInstallationAccessToken({ installation_id: installation, ...wish });
  return data.token;
}

test('an app signs for itself', async () => {
  const { data } = await asApp().getAuthenticated();
  expect(data).toMatchObject({ id: appId, slug: 'graft', permissions: { contents: 'write', metadata: 'read' } });
  expect((await asApp().getRepoInstallation(shop)).data).toMatchObject({ id: installation, app_slug: 'graft' });
  const { data: read } = await asApp().getInstallation({ installation_id: installation });
  expect(read).toMatchObject({ account: { login: 'acme' }, repository_selection: 'selected' });
  const wrong = { ...shop, repo: 'secret' };
  expect(await refusal(asApp().getRepoInstallation(wrong))).toMatchObject({ status: 404 });
  expect(await refusal(asApp().getInstallation({ installation_id: 1 }))).toMatchObject({ status: 404 });
});

test('what is wrong with a signature is said as GitHub says it', async () => {
  const seconds = Math.floor(now / 1000);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const message = async (token: string) => {
    const { status, data } = await refusal(under.client(token).rest.apps.getAuthenticated());
    return `${status} ${String(data['message'])}`;
  };
  expect(await message(jsonWebToken({}, stranger))).toBe('401 A JSON web token could not be decoded');
  expect(await message(jsonWebToken({ exp: seconds + 700 }))).toBe(
    "401 'Expiration time' claim ('exp') is too far in the future",
  );
  expect(await message(jsonWebToken({ exp: seconds - 1 }))).toMatch(/^401 'Expiration time' claim \('exp'\) must be/);
  expect(await message(jsonWebToken({ iat: seconds + 30 }))).toMatch(/^401 'Issued at' claim \('iat'\) must be/);
  expect(await message(jsonWebToken({ iss: 1 }))).toBe('404 Integration not found');
  expect(await message(await installationToken())).toBe('401 A JSON web token could not be decoded');
});

test('an installation token reaches what it was made for, for one hour', async () => {
  const { data } = await asApp().createInstallationAccessToken({
    installation_id: installation,
    repositories: ['shop'],
    permissions: { contents: 'read' },
  });
  expect(data).toMatchObject({
    permissions: { contents: 'read', metadata: 'read' },
    repository_selection: 'selected',
    repositories: [{ name: 'shop' }],
    expires_at: '2026-05-01T11:00:00Z',
  });
  const { rest } = under.client(data.token);
  const { data: list } = await rest.apps.listReposAccessibleToInstallation();
  expect(list).toMatchObject({
    total_count: 1,
    repositories: [{ full_name: 'acme/shop', permissions: { push: false } }],
  });
  expect((await rest.repos.get(shop)).data.permissions).toMatchObject({ pull: true, push: false });
  expect(await refusal(rest.repos.get({ ...shop, repo: 'secret' }))).toMatchObject({ status: 404 });
  expect((await rest.repos.get({ ...shop, repo: 'open' })).data.permissions).toMatchObject({ push: false });
  const sha = 'a'.repeat(40);
  const refused = await refusal(rest.git.createRef({ ...shop, ref: 'refs/heads/x', sha }));
  expect(refused).toMatchObject({
    status: 403,
    headers: { 'x-accepted-github-permissions': 'contents=write; contents=write,workflows=write' },
    data: {
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest/git/refs#create-a-reference',
      status: '403',
    },
  });
  expect(await refusal(rest.users.getAuthenticated())).toMatchObject({ status: 403 });

  now += 3_600_001;
  const expired = await refusal(rest.repos.get(shop));
  expect(expired).toMatchObject({
    status: 401,
    data: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
  });
});

test('a token asks for no more than was granted', async () => {
  const ask = (wish: object) =>
    refusal(asApp().createInstallationAccessToken({ installation_id: installation, ...wish }));
  const permission = 'The permissions requested are not granted to this installation.';
  expect(await ask({ permissions: { contents: 'write', checks: 'write' } })).toMatchObject({
    status: 422,
    data: { message: permission },
  });
  expect(await ask({ repositories: ['secret'] })).toMatchObject({
    status: 422,
    data: {
      message: 'There is at least one repository that does not exist or is not accessible to the parent installation.',
    },
  });
});

test('a person has a classic or a fine-grained token', async () => {
  const { github } = under;
  await github.addPerson('rosa');
  await github.setPermission('acme/shop', 'rosa', 'write');
  const classic = under.client(await github.personToken('rosa')).rest;
  expect((await classic.users.getAuthenticated()).data.login).toBe('rosa');
  expect((await classic.repos.get(shop)).data.permissions).toMatchObject({ push: true, admin: false });
  const permission = { ...shop, username: 'rosa' };
  expect((await classic.repos.getCollaboratorPermissionLevel(permission)).data).toMatchObject({
    permission: 'write',
    role_name: 'write',
  });
  const nobody = { ...shop, username: 'nobody' };
  expect(await refusal(classic.repos.getCollaboratorPermissionLevel(nobody))).toMatchObject({ status: 404 });

  const token = await github.personToken('rosa', { repositories: ['acme/shop'], permissions: { contents: 'read' } });
  const fine = under.client(token).rest;
  const refused = await refusal(fine.pulls.create({ ...shop, head: 'a', base: 'main', title: 'x' }));
  expect(refused).toMatchObject({
    status: 403,
    data: { message: 'Resource not accessible by personal access token' },
    headers: { 'x-accepted-github-permissions': 'pull_requests=write' },
  });
  expect(await refusal(fine.repos.get({ ...shop, repo: 'secret' }))).toMatchObject({ status: 404 });

  await github.revoke(token);
  expect(await refusal(fine.repos.get(shop))).toMatchObject({ status: 401 });
  await github.setPermission('acme/shop', 'rosa', 'read');
  const sha = 'a'.repeat(40);
  expect(await refusal(classic.git.createRef({ ...shop, ref: 'refs/heads/x', sha }))).toMatchObject({ status: 404 });
  await github.setPermission('acme/shop', 'rosa', null);
  expect(await refusal(classic.repos.get(shop))).toMatchObject({ status: 404 });
});

test('without a token only what is public is there', async () => {
  const { rest } = under.client();
  expect((await rest.repos.get({ ...shop, repo: 'open' })).data.private).toBe(false);
  expect(await refusal(rest.repos.get(shop))).toMatchObject({ status: 404, data: { message: 'Not Found' } });
  const open = { ...shop, repo: 'open' };
  expect(await refusal(rest.issues.create({ ...open, title: 'x' }))).toMatchObject({ status: 401 });
  expect(await refusal(rest.users.getAuthenticated())).toMatchObject({
    status: 401,
    data: { message: 'Requires authentication' },
  });
  expect(await refusal(under.client('nonsense').rest.repos.get(open))).toMatchObject({ status: 401 });
});

test('an archived repository is read-only', async () => {
  const { github } = under;
  await github.configure('acme/open', { archived: true });
  const token = await github.personToken('acme');
  const { rest } = under.client(token);
  expect((await rest.repos.get({ ...shop, repo: 'open' })).data.archived).toBe(true);
  expect(await refusal(rest.issues.create({ ...shop, repo: 'open', title: 'x' }))).toMatchObject({
    status: 403,
    data: { message: 'Repository was archived so is read-only.' },
  });
});

test('tokens end with the installation', async () => {
  const other = await under.github.createApp({ slug: 'other', permissions: { contents: 'read' } });
  const id = await under.github.installApp(other.appId, 'acme');
  now = Date.now();
  const client = await under.app(other.appId, other.privateKey).getInstallationOctokit(id);
  expect((await client.rest.repos.get({ ...shop, repo: 'secret' })).status).toBe(200);
  await under.github.uninstallApp(id);
  expect(await refusal(client.rest.repos.get(shop))).toMatchObject({ status: 401 });
});
