import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { GithubIdentity } from '../code-host/github-client.ts';
import { GraftError } from '../contract/errors.ts';
import type { ControlEnvironment } from './control-env.ts';

/** Who this worker is at GitHub; undefined when nobody said. Throws `bad_key_file` for a private key that is none. */
export async function readGithubIdentity({
  GITHUB_TOKEN: token,
  GITHUB_APP_ID: appId,
  GITHUB_APP_PRIVATE_KEY_FILE: file,
}: Pick<ControlEnvironment, 'GITHUB_TOKEN' | 'GITHUB_APP_ID' | 'GITHUB_APP_PRIVATE_KEY_FILE'>): Promise<
  GithubIdentity | undefined
> {
  if (token !== undefined) return { kind: 'token', token };
  if (appId === undefined || file === undefined) return undefined;
  return { kind: 'app', appId, privateKey: await readAppKey(file) };
}

async function readAppKey(file: string): Promise<string> {
  const refused = (what: string, cause?: unknown) =>
    new GraftError('bad_key_file', `${file} (GITHUB_APP_PRIVATE_KEY_FILE) ${what}`, { cause });
  let text: string;
  let mode: number;
  try {
    ({ mode } = await stat(file));
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw refused('cannot be read: put the private key of the GitHub App there.', error);
  }
  if ((mode & 0o007) !== 0) throw refused('is open to every user of this machine: run chmod o= on it.');
  try {
    createPrivateKey(text);
  } catch {
    throw refused('is no private key in PEM: take the one that GitHub gave for the App, as it is.');
  }
  return text;
}
