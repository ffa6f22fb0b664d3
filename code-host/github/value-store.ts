import type { GithubRepository } from './client.ts';

/** Secrets and variables of one place at GitHub; what is absent is `not_found`. */
export interface GithubValueStore {
  listSecrets(): Promise<readonly string[]>;
  listVariables(): Promise<readonly string[]>;
  publicKey(): Promise<{ id: string; key: string }>;
  putSecret(name: string, sealed: { id: string; box: string }): Promise<unknown>;
  deleteSecret(name: string): Promise<unknown>;
  createVariable(name: string, value: string): Promise<unknown>;
  updateVariable(name: string, value: string): Promise<unknown>;
  deleteVariable(name: string): Promise<unknown>;
  readRepository(): Promise<unknown>;
}

const page = { per_page: 30 };

/** The secrets and variables that every workflow of a repository reads. */
export function storeOfRepository({ octokit, at }: GithubRepository): GithubValueStore {
  const { request, paginate } = octokit;
  return {
    listSecrets: async () => namesOf(await paginate('GET /repos/{owner}/{repo}/actions/secrets', { ...at, ...page })),
    listVariables: async () =>
      namesOf(await paginate('GET /repos/{owner}/{repo}/actions/variables', { ...at, ...page })),
    async publicKey() {
      const { data } = await request('GET /repos/{owner}/{repo}/actions/secrets/public-key', at);
      return { id: data.key_id, key: data.key };
    },
    putSecret: async (secret_name, { id, box }) =>
      await request('PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}', {
        ...at,
        ...{ secret_name, encrypted_value: box, key_id: id },
      }),
    deleteSecret: async (secret_name) =>
      await request('DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}', { ...at, secret_name }),
    createVariable: async (name, value) =>
      await request('POST /repos/{owner}/{repo}/actions/variables', { ...at, name, value }),
    updateVariable: async (name, value) =>
      await request('PATCH /repos/{owner}/{repo}/actions/variables/{name}', { ...at, name, value }),
    deleteVariable: async (name) =>
      await request('DELETE /repos/{owner}/{repo}/actions/variables/{name}', { ...at, name }),
    readRepository: async () => await request('GET /repos/{owner}/{repo}', at),
  };
}

/** The secrets and variables of one environment of a repository, which win over the repository's own. */
export function storeOfEnvironment({ octokit, at }: GithubRepository, environment_name: string): GithubValueStore {
  const { request, paginate } = octokit;
  const place = { ...at, environment_name };
  const secrets = '/repos/{owner}/{repo}/environments/{environment_name}/secrets';
  const variables = '/repos/{owner}/{repo}/environments/{environment_name}/variables';
  return {
    listSecrets: async () => namesOf(await paginate(`GET ${secrets}`, { ...place, ...page })),
    listVariables: async () => namesOf(await paginate(`GET ${variables}`, { ...place, ...page })),
    async publicKey() {
      const { data } = await request(`GET ${secrets}/public-key`, place);
      return { id: data.key_id, key: data.key };
    },
    putSecret: async (secret_name, { id, box }) =>
      await request(`PUT ${secrets}/{secret_name}`, { ...place, secret_name, encrypted_value: box, key_id: id }),
    deleteSecret: async (secret_name) => await request(`DELETE ${secrets}/{secret_name}`, { ...place, secret_name }),
    createVariable: async (name, value) => await request(`POST ${variables}`, { ...place, name, value }),
    updateVariable: async (name, value) => await request(`PATCH ${variables}/{name}`, { ...place, name, value }),
    deleteVariable: async (name) => await request(`DELETE ${variables}/{name}`, { ...place, name }),
    readRepository: async () => await request('GET /repos/{owner}/{repo}', at),
  };
}

function namesOf(values: readonly { name: string }[]): readonly string[] {
  return values.map(({ name }) => name);
}
