import sodium from 'libsodium-wrappers';
import { environments } from '../../contract/closed-sets.ts';
import type { PublishedValue, ValuePublisher } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import type { GithubClient } from './client.ts';
import { absentAtGithub, isAnswer } from './errors.ts';
import { type GithubValueStore, storeOfEnvironment, storeOfRepository } from './value-store.ts';

const prefix = 'github:';

/**
 * Publishes to the GitHub environment with the installation's environment name where the repository has one, else to the
 * repository: secrets as Actions secrets, public values as Actions variables. Throws `invalid_request` for what is no
 * name there, `not_found` where there is no such repository; no error holds a value.
 */
export function createGithubValues(client: GithubClient): ValuePublisher {
  return {
    async placeOf({ repository: name, environment }) {
      const { octokit, at } = await client.repository(name);
      const place = prefix + name.toLowerCase();
      const found = await octokit
        .request('GET /repos/{owner}/{repo}/environments/{environment_name}', { ...at, environment_name: environment })
        .catch(absentAtGithub);
      return found === undefined ? place : `${place}/environments/${environment}`;
    },
    async list(place) {
      const store = await storeAt(client, place);
      return [...new Set([...(await store.listSecrets()), ...(await store.listVariables())])].sort();
    },
    async publish(place, values) {
      Object.keys(values).forEach(checkGithubName);
      const store = await storeAt(client, place);
      const all = Object.entries(values);
      const secrets = all.filter(([, { secret }]) => secret);
      if (secrets.length > 0) await publishSecrets(store, secrets);
      for (const [name, { value, secret }] of all) if (!secret) await publishVariable(store, name, value);
    },
    async unpublish(place, names) {
      names.forEach(checkGithubName);
      const store = await storeAt(client, place);
      let isThere = names.length === 0;
      for (const name of names) {
        const secret = await store.deleteSecret(name).catch(absentAtGithub);
        const variable = await store.deleteVariable(name).catch(absentAtGithub);
        isThere ||= secret !== undefined || variable !== undefined;
      }
      if (!isThere) await store.readRepository();
    },
  };
}

async function storeAt(client: GithubClient, place: string): Promise<GithubValueStore> {
  const [owner = '', repo = '', folder, environment = '', ...more] = place.slice(prefix.length).split('/');
  const isEnvironment = folder === 'environments' && (environments as readonly string[]).includes(environment);
  if (!place.startsWith(prefix) || more.length > 0 || (folder !== undefined && !isEnvironment)) {
    throw new GraftError('invalid_request', `${JSON.stringify(place.slice(0, 150))} is no place of values at GitHub.`, {
      fields: [{ field: 'place', fix: 'Give the place as it was found for the project.' }],
    });
  }
  const repository = await client.repository(`${owner}/${repo}`);
  return isEnvironment ? storeOfEnvironment(repository, environment) : storeOfRepository(repository);
}

async function publishSecrets(store: GithubValueStore, secrets: readonly [string, PublishedValue][]): Promise<void> {
  await sodium.ready;
  const { id, key } = await store.publicKey();
  const publicKey = sodium.from_base64(key, sodium.base64_variants.ORIGINAL);
  for (const [name, { value }] of secrets) {
    const box = sodium.crypto_box_seal(value, publicKey);
    await store.putSecret(name, { id, box: sodium.to_base64(box, sodium.base64_variants.ORIGINAL) });
  }
}

async function publishVariable(store: GithubValueStore, name: string, value: string): Promise<void> {
  try {
    await store.createVariable(name, value);
  } catch (error) {
    if (!isAnswer(error, 409)) throw error;
    await store.updateVariable(name, value);
  }
}

/** GitHub keeps names in capitals, and its own prefix to itself. */
function checkGithubName(name: string): void {
  if (/^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,254}$/.test(name)) return;
  throw new GraftError('invalid_request', `${JSON.stringify(name)} cannot be the name of a value at GitHub.`, {
    fields: [{ field: name, fix: 'Use capitals, digits and underscores; begin with no digit and not with GITHUB_.' }],
  });
}
