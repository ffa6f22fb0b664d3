import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGithubIdentity } from '../code-host/github/identity.ts';
import { ControlEnvironment } from './control-env.ts';

const needed = Object.fromEntries(
  Object.keys(ControlEnvironment.shape)
    .filter((name) => !name.startsWith('GITHUB_') && name !== 'GRAFT_SIMULATORS' && name !== 'GRAFT_LOG_LEVEL')
    .map((name) => [name, name === 'GRAFT_REGISTRY' ? 'https://registry.example.com/' : 'x']),
);
const parse = (github: Readonly<Record<string, string>>) => ControlEnvironment.safeParse({ ...needed, ...github });
const problems = (github: Readonly<Record<string, string>>) =>
  parse(github).error?.issues.map(({ path: at, message }) => `${at.join()}: ${message}`) ?? [];

describe('the identity at GitHub', () => {
  let file: string;
  beforeEach(async () => {
    file = path.join(await mkdtemp(path.join(tmpdir(), 'graft-app-key-')), 'app.pem');
  });
  afterEach(async () => await rm(path.dirname(file), { recursive: true, force: true }));

  it('may be none, a token, or an App', async () => {
    const none = parse({
      GITHUB_TOKEN: '',
      GITHUB_APP_ID: '',
      GITHUB_APP_PRIVATE_KEY_FILE: '',
      GITHUB_API_URL: '',
    }).data;
    expect(none).toMatchObject({ GITHUB_API_URL: 'https://api.github.com' });
    expect(await readGithubIdentity(none!)).toBeUndefined();
    const token = parse({ GITHUB_TOKEN: 'token', GITHUB_API_URL: 'https://host.example/api/v3/' }).data;
    expect(token).toMatchObject({ GITHUB_API_URL: 'https://host.example/api/v3' });
    expect(await readGithubIdentity(token!)).toEqual({ kind: 'token', token: 'token' });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    await writeFile(file, pem, { mode: 0o600 });
    const app = parse({ GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY_FILE: file }).data;
    expect(await readGithubIdentity(app!)).toEqual({ kind: 'app', appId: '7', privateKey: pem });
  });

  it('is not both, not half of one, and nothing else', () => {
    const app = { GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY_FILE: 'app.pem' };
    expect(problems({ GITHUB_TOKEN: 'token', ...app })).toEqual([expect.stringMatching(/^GITHUB_TOKEN: .*choose/)]);
    expect(problems({ GITHUB_APP_ID: '7' })).toEqual([
      expect.stringMatching(/^GITHUB_APP_PRIVATE_KEY_FILE: must be set/),
    ]);
    expect(problems({ GITHUB_APP_PRIVATE_KEY_FILE: 'app.pem' })).toEqual([expect.stringMatching(/^GITHUB_APP_ID: /)]);
    expect(problems({ ...app, GITHUB_APP_ID: 'seven' })).toEqual([expect.stringMatching(/^GITHUB_APP_ID: .*number/)]);
    for (const url of ['api.github.com', 'http://host.example/api/v3'])
      expect(problems({ GITHUB_API_URL: url })).toEqual([expect.stringMatching(/^GITHUB_API_URL: .*https/)]);
    expect(problems({ GITHUB_API_URL: 'http://127.0.0.1:4300' })).toEqual([]);
    expect(problems({ GITHUB_POLL_SECONDS: '30' })).toEqual([expect.stringMatching(/^GITHUB_POLL_SECONDS: /)]);
    expect(problems({ GITHUB_POLL_SECONDS: '30', GITHUB_TOKEN: 'token' })).toEqual([]);
  });

  it('is refused at the start with a private key that is none, or that everybody reads', async () => {
    const read = async () =>
      await readGithubIdentity({ GITHUB_TOKEN: undefined, GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY_FILE: file });
    await expect(read()).rejects.toMatchObject({ code: 'bad_key_file', message: expect.stringContaining(file) });
    await writeFile(file, 'no key\n', { mode: 0o600 });
    await expect(read()).rejects.toMatchObject({ code: 'bad_key_file', message: /PEM/ });
    await chmod(file, 0o604);
    await expect(read()).rejects.toMatchObject({ code: 'bad_key_file', message: /chmod/ });
  });
});
