import type { CodeHostIdentity } from '../../contract/code-host.ts';
import { isGranted, neededOfApp } from './app.ts';
import type { GithubClient } from './client.ts';

/** Who we are at GitHub, for whoever sets it up: an App with what it does not ask for yet, or the owner of a token. */
export async function describeGithubIdentity(client: GithubClient): Promise<CodeHostIdentity> {
  const { app } = client;
  if (app === undefined) return { kind: 'token', login: await client.login() };
  const { slug, url, permissions } = await app.describe();
  const missing = Object.entries(neededOfApp)
    .filter(([name, level]) => !isGranted(permissions[name], level))
    .map(([name, level]) => `${name}: ${level}`);
  return { kind: 'app', slug, installUrl: `${url}/installations/new`, missing };
}
