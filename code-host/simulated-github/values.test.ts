import sodium from 'libsodium-wrappers';
import type { Octokit } from 'octokit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusal, startGithubUnderTest, type GithubUnderTest } from '../../test/harness/simulated-github.ts';

const shop = { owner: 'acme', repo: 'shop' };
const staging = { ...shop, environment_name: 'staging' };
let under: GithubUnderTest;
let actions: Octokit['rest']['actions'];
let repos: Octokit['rest']['repos'];

beforeAll(async () => {
  await sodium.ready;
  under = await startGithubUnderTest();
  const { github } = under;
  await github.createRepository({ owner: 'acme', name: 'shop', private: true });
  await github.createEnvironment('acme/shop', 'staging');
  const app = await github.createApp({
    slug: 'graft',
    permissions: { actions: 'read', secrets: 'write', actions_variables: 'write', environments: 'write' },
  });
  const installation = await github.installApp(app.appId, 'acme');
  const { rest } = await under.app(app.appId, app.privateKey).getInstallationOctokit(installation);
  ({ actions, repos } = rest);
});

afterEach(() => under.proxy.assertDescribed());
afterAll(() => under.close());

function seal(value: string, key: string): string {
  const { ORIGINAL } = sodium.base64_variants;
  return sodium.to_base64(sodium.crypto_box_seal(value, sodium.from_base64(key, ORIGINAL)), ORIGINAL);
}

test('a repository’s secret is sealed with its key, and only its name comes back', async () => {
  const { key, key_id } = (await actions.getRepoPublicKey(shop)).data;
  const put = (secret_name: string, value: string) =>
    actions.createOrUpdateRepoSecret({ ...shop, secret_name, encrypted_value: seal(value, key), key_id });
  expect((await put('stripe_key', 'one')).status).toBe(201);
  expect((await put('STRIPE_KEY', 'two')).status).toBe(204);
  await put('A_KEY', 'a');
  expect(under.github.secrets('acme/shop')).toEqual({ STRIPE_KEY: 'two', A_KEY: 'a' });
  const { data: list } = await actions.listRepoSecrets({ ...shop, per_page: 1 });
  expect(list).toMatchObject({ total_count: 2, secrets: [{ name: 'A_KEY' }] });
  expect((await actions.getRepoSecret({ ...shop, secret_name: 'STRIPE_KEY' })).data.name).toBe('STRIPE_KEY');
  const gone = { ...shop, secret_name: 'A_KEY' };
  expect((await actions.deleteRepoSecret(gone)).status).toBe(204);
  expect(await refusal(actions.deleteRepoSecret(gone))).toMatchObject({ status: 404 });
  expect(await refusal(actions.getRepoSecret(gone))).toMatchObject({ status: 404 });
});

test('a box that does not open, another key or a name that is not allowed is refused', async () => {
  const { key, key_id } = (await actions.getRepoPublicKey(shop)).data;
  const put = (wish: object) =>
    refusal(
      actions.createOrUpdateRepoSecret({
        ...shop,
        secret_name: 'X',
        encrypted_value: seal('x', key),
        key_id,
        ...wish,
      }),
    );
  const improper = 'Bad request - validation failed due to an improperly encrypted secret';
  expect(await put({ key_id: '1' })).toMatchObject({ status: 422, data: { message: improper } });
  const { key: other } = (await actions.getEnvironmentPublicKey(staging)).data;
  expect(await put({ encrypted_value: seal('x', other) })).toMatchObject({ status: 422, data: { message: improper } });
  expect(await put({ encrypted_value: 'no base64' })).toMatchObject({
    status: 422,
    data: { message: expect.stringContaining('Invalid request.\n\nno base64 does not match /') },
  });
  expect(await put({ key_id: undefined })).toMatchObject({
    status: 422,
    data: { message: 'Invalid request.\n\n"key_id" wasn\'t supplied.' },
  });
  expect(await put({ secret_name: 'GITHUB_X' })).toMatchObject({
    status: 422,
    data: { message: 'Failed to add secret. Secret names must not start with GITHUB_.' },
  });
  expect(await put({ secret_name: '1X' })).toMatchObject({ status: 422 });
  expect(await put({ secret_name: 'A-B' })).toMatchObject({ status: 422 });
  expect(under.github.secrets('acme/shop')).not.toHaveProperty('X');
});

test('an environment has secrets and a key of its own', async () => {
  const { data: environments } = await repos.getAllEnvironments(shop);
  expect(environments).toMatchObject({ total_count: 1, environments: [{ name: 'staging' }] });
  expect((await repos.getEnvironment(staging)).data.name).toBe('staging');
  expect(await refusal(repos.getEnvironment({ ...shop, environment_name: 'none' }))).toMatchObject({ status: 404 });
  const { key, key_id } = (await actions.getEnvironmentPublicKey(staging)).data;
  const secret = { ...staging, secret_name: 'KEY' };
  const encrypted_value = seal('value', key);
  expect((await actions.createOrUpdateEnvironmentSecret({ ...secret, encrypted_value, key_id })).status).toBe(201);
  expect(under.github.secrets('acme/shop', 'staging')).toEqual({ KEY: 'value' });
  expect((await actions.listEnvironmentSecrets(staging)).data.total_count).toBe(1);
  expect((await actions.getEnvironmentSecret(secret)).data.name).toBe('KEY');
  expect((await actions.deleteEnvironmentSecret(secret)).status).toBe(204);
  const nowhere = actions.getEnvironmentPublicKey({ ...shop, environment_name: 'none' });
  expect(await refusal(nowhere)).toMatchObject({ status: 404 });
});

test('variables are made, renamed and deleted, ten to a page', async () => {
  for (let number = 0; number < 12; number++) {
    await actions.createRepoVariable({ ...shop, name: `name_${number}`, value: String(number) });
  }
  const { data: list } = await actions.listRepoVariables(shop);
  expect([list.total_count, list.variables.length]).toEqual([12, 10]);
  const twin = actions.createRepoVariable({ ...shop, name: 'NAME_1', value: '' });
  expect(await refusal(twin)).toMatchObject({
    status: 409,
    data: { message: 'Already exists - Variable already exists' },
  });
  await actions.updateRepoVariable({ ...shop, name: 'NAME_1', value: 'new' });
  expect((await actions.getRepoVariable({ ...shop, name: 'NAME_1' })).data.value).toBe('new');
  expect((await actions.deleteRepoVariable({ ...shop, name: 'NAME_2' })).status).toBe(204);
  expect(await refusal(actions.getRepoVariable({ ...shop, name: 'NAME_2' }))).toMatchObject({ status: 404 });
  expect(await refusal(actions.updateRepoVariable({ ...shop, name: 'NAME_2', value: '' }))).toMatchObject({
    status: 404,
  });
  expect(await refusal(actions.createRepoVariable({ ...shop, name: 'GITHUB_X', value: '' }))).toMatchObject({
    status: 422,
  });
});

test('an environment has variables of its own', async () => {
  await actions.createEnvironmentVariable({ ...staging, name: 'URL', value: 'a' });
  const one = { ...staging, name: 'URL' };
  await actions.updateEnvironmentVariable({ ...one, value: 'b' });
  expect((await actions.getEnvironmentVariable(one)).data.value).toBe('b');
  expect(under.github.variables('acme/shop', 'staging')).toEqual({ URL: 'b' });
  expect((await actions.listEnvironmentVariables(staging)).data.total_count).toBe(1);
  expect((await actions.deleteEnvironmentVariable(one)).status).toBe(204);
});

test('each kind has its permission', async () => {
  const { github } = under;
  const token = await github.personToken('acme', { permissions: { secrets: 'read' } });
  const weak = under.client(token).rest.actions;
  expect((await weak.listRepoSecrets(shop)).status).toBe(200);
  const accepted = async (call: Promise<unknown>) => {
    const { status, headers } = await refusal(call);
    return `${status} ${String(headers['x-accepted-github-permissions'])}`;
  };
  expect(await accepted(weak.listRepoVariables(shop))).toBe('403 actions_variables=read');
  expect(await accepted(weak.listEnvironmentSecrets(staging))).toBe('403 environments=read');
  expect(await accepted(weak.deleteRepoSecret({ ...shop, secret_name: 'X' }))).toBe('403 secrets=write');
});
