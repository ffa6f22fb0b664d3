import type { KeyFiles } from '../../vault/keys.ts';

/** What the embedded stack knows when it starts our processes. Folders and files are absolute paths, URLs are origins. */
export interface StackFacts {
  databaseUrl: { api: string; control: string };
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
  apiPort: number;
  codecPort: number;
  /** Of GitHub's webhooks; empty when none are taken. */
  keys: KeyFiles;
  artifacts: string;
  repositories: string;
  values: string;
  workspaces: string;
  cache: string;
  /** URL of the package registry that this machine's npm uses. */
  registry: string;
  /** Host of a provider → origin of its simulator. */
  simulators: Readonly<Record<string, string>>;
  /** Identity at GitHub and secret of its webhooks, by process. */
  github: { control: Environment; api: Environment };
}

type Environment = Readonly<Record<string, string>>;

/** The whole environment of each of our processes: what it needs, and nothing of the caller's but the PATH and the CA file. */
export function environmentsOf(facts: StackFacts): { api: Environment; control: Environment; build: Environment } {
  const shared = {
    PATH: process.env['PATH'] ?? '',
    TEMPORAL_ADDRESS: facts.temporalAddress,
    TEMPORAL_NAMESPACE: facts.temporalNamespace,
    GRAFT_CODEC_KEY_FILE: facts.keys.codec,
    GRAFT_ARTIFACTS: facts.artifacts,
    GRAFT_LOG_LEVEL: 'info',
  };
  const authorities = process.env['NODE_EXTRA_CA_CERTS'];
  const outgoing: Environment = authorities === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorities };
  return {
    api: {
      ...shared,
      ...facts.github.api,
      DATABASE_URL: facts.databaseUrl.api,
      GRAFT_API_HOST: '127.0.0.1',
      GRAFT_API_PORT: String(facts.apiPort),
      GRAFT_SEALING_PUBLIC_KEY_FILE: facts.keys.sealingPublic,
      GRAFT_HASH_KEY_FILE: facts.keys.apiHash,
      GRAFT_CODEC_PORT: String(facts.codecPort),
      GRAFT_CODEC_ORIGIN: facts.temporalUiUrl,
    },
    control: {
      ...shared,
      ...outgoing,
      ...facts.github.control,
      DATABASE_URL: facts.databaseUrl.control,
      GRAFT_SEALING_PUBLIC_KEY_FILE: facts.keys.sealingPublic,
      GRAFT_SEALING_PRIVATE_KEY_FILE: facts.keys.sealingPrivate,
      GRAFT_KEY_RING_FILE: facts.keys.keyRing,
      GRAFT_REPOSITORIES: facts.repositories,
      GRAFT_VALUES: facts.values,
      GRAFT_REGISTRY: facts.registry,
      GRAFT_CACHE: facts.cache,
      GRAFT_REGISTRY_HOSTS: new URL(facts.registry).host,
      GRAFT_SIMULATORS: JSON.stringify(facts.simulators),
    },
    build: {
      ...shared,
      ...outgoing,
      GRAFT_WORKSPACES: facts.workspaces,
      GRAFT_REGISTRY: facts.registry,
      GRAFT_REGISTRY_HOSTS: '',
      GRAFT_SANDBOX: 'auto',
    },
  };
}
