import { createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { GraftError } from '../../contract/errors.ts';
import type { GithubIdentity } from './client.ts';

/** Where GitHub's own API is. */
export const publicApi = 'https://api.github.com';

/** Where a process is told who it is at GitHub: a token, or an App and its key. */
export interface GithubKeys {
  GITHUB_TOKEN?: string | undefined;
  GITHUB_APP_ID?: string | undefined;
  GITHUB_APP_PRIVATE_KEY_FILE?: string | undefined;
}

/** Who a process is at GitHub; undefined when nobody said. Throws `bad_key_file` for a private key that is none. */
export async function readGithubIdentity({
  GITHUB_TOKEN: token,
  GITHUB_APP_ID: appId,
  GITHUB_APP_PRIVATE_KEY_FILE: file,
}: GithubKeys): Promise<GithubIdentity | undefined> {
  if (token) return { kind: 'token', token };
  if (!appId || !file) return undefined;
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
