import { readFile } from 'node:fs/promises';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { BuildEnvironment } from '../activities/build-env.ts';
import { ControlEnvironment } from '../activities/control-env.ts';
import { ApiEnvironment } from '../api/env.ts';
import { environmentsOf } from './embedded/environments.ts';
import { SetupEnvironment } from './setup-env.ts';

const keysOf = {
  api: Object.keys(ApiEnvironment.shape),
  control: Object.keys(ControlEnvironment.shape),
  build: Object.keys(BuildEnvironment.shape),
  setup: Object.keys(SetupEnvironment.shape),
};

const facts = {
  databaseUrl: { api: 'postgres://graft_api', control: 'postgres://graft_control' },
  temporalAddress: '127.0.0.1:1',
  temporalNamespace: 'graft',
  temporalUiUrl: 'http://127.0.0.1:2',
  apiPort: 3,
  codecPort: 4,
  github: {
    control: { GITHUB_API_URL: 'https://api.github.com', GITHUB_TOKEN: 'made-up', GITHUB_POLL_SECONDS: '30' },
    api: { GITHUB_WEBHOOK_SECRET: 'made-up-webhook-secret' },
  },
  keys: { sealingPublic: 'public', sealingPrivate: 'private', keyRing: 'ring', codec: 'codec', apiHash: 'hash' },
  artifacts: 'artifacts',
  repositories: 'repositories',
  values: 'values',
  workspaces: 'workspaces',
  cache: 'cache',
  registry: 'https://registry.example.com/',
  simulators: { 'provider.example.com': 'http://127.0.0.1:5' },
};

describe('.env.example', () => {
  it('lists exactly the keys that the processes read', async () => {
    const listed = Object.keys(parse(await readFile(new URL('../.env.example', import.meta.url))));
    expect(listed.toSorted()).toEqual([...new Set(Object.values(keysOf).flat())].toSorted());
  });
});

describe('the environments of the embedded stack', () => {
  const given = environmentsOf(facts);
  const schemas = { api: ApiEnvironment, control: ControlEnvironment, build: BuildEnvironment };

  it.each(['api', 'control', 'build'] as const)('give %s what it reads and nothing else', (name) => {
    expect(schemas[name].safeParse(given[name]).error).toBeUndefined();
    const ofTheMachine = ['PATH', 'NODE_EXTRA_CA_CERTS'];
    expect(
      Object.keys(given[name]).filter((key) => !keysOf[name].includes(key) && !ofTheMachine.includes(key)),
    ).toEqual([]);
  });

  it('keep private keys and the database from those that must not have them', () => {
    const secrets = ['private', 'ring', 'postgres://graft_control'];
    for (const secret of secrets) {
      expect(Object.values(given.control)).toContain(secret);
      expect(Object.values(given.api)).not.toContain(secret);
      expect(Object.values(given.build)).not.toContain(secret);
    }
    expect(Object.values(given.api)).toContain('made-up-webhook-secret');
    for (const other of [given.control, given.build])
      expect(Object.values(other)).not.toContain('made-up-webhook-secret');
    expect(given.build).not.toHaveProperty('DATABASE_URL');
    expect(given.build).not.toHaveProperty('GRAFT_REPOSITORIES');
  });
});
