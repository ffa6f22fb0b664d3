import { z } from 'zod';
import { commaList } from './comma-list.ts';

/** The build worker's whole environment. */
export const BuildEnvironment = z.object({
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1),
  GRAFT_CODEC_KEY_FILE: z.string().min(1),
  GRAFT_ARTIFACTS: z.string().min(1),
  GRAFT_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  GRAFT_WORKSPACES: z.string().min(1),
  GRAFT_REGISTRY: z.url(),
  /** Hosts, with a port unless it is the protocol's, that package managers reach besides the registry's. */
  GRAFT_REGISTRY_HOSTS: commaList.default([]),
  GRAFT_SANDBOX: z.enum(['auto', 'bubblewrap', 'unshare', 'none']).default('auto'),
});
export type BuildEnvironment = z.infer<typeof BuildEnvironment>;
