import { z } from 'zod';
import { publicApi } from '../code-host/github/identity.ts';
import { commaList } from './comma-list.ts';

/** Compose gives an empty text for what is not set. */
const optional = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

const Origins = z.record(z.string(), z.url());

/** A token must not travel in the clear. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));
}

/** The control worker's whole environment. */
const Keys = z.object({
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1),
  GRAFT_CODEC_KEY_FILE: z.string().min(1),
  GRAFT_ARTIFACTS: z.string().min(1),
  GRAFT_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  GRAFT_SEALING_PUBLIC_KEY_FILE: z.string().min(1),
  GRAFT_SEALING_PRIVATE_KEY_FILE: z.string().min(1),
  GRAFT_KEY_RING_FILE: z.string().min(1),
  /** Root of the bare repositories of the local code host. */
  GRAFT_REPOSITORIES: z.string().min(1),
  /** Where the local code host publishes values; outside every repository. */
  GRAFT_VALUES: z.string().min(1),
  /** Tells which packages belong to an Expo SDK that is in no connector's table. */
  GRAFT_REGISTRY: z.url(),
  /** Folder for what was read of it. */
  GRAFT_CACHE: z.string().min(1),
  /** Hosts that a lock file may name besides those it names already, and that the registry may keep its files on. */
  GRAFT_REGISTRY_HOSTS: commaList,
  /** JSON, host → origin on loopback; only in the embedded stack. */
  GRAFT_SIMULATORS: z
    .string()
    .default('{}')
    .transform((text, context): Record<string, string> => {
      const parsed = Origins.safeParse(parseJson(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: 'must be a JSON object of host → origin' });
      return z.NEVER;
    }),
  /** API of GitHub, or of a GitHub Enterprise Server: `https://<host>/api/v3`. */
  GITHUB_API_URL: z
    .string()
    .default('')
    .transform((text) => (text === '' ? publicApi : text.replace(/\/+$/, '')))
    .refine(isSafe, 'must be an https URL; http only to this machine'),
  /** A fine-grained or classic token; in place of an App. */
  GITHUB_TOKEN: optional,
  GITHUB_APP_ID: optional.refine((id) => id === undefined || /^\d+$/.test(id), 'must be the number of the App'),
  GITHUB_APP_PRIVATE_KEY_FILE: optional,
  /** How often repositories with open pull requests are looked at where no webhooks can come in; 0 is never. */
  GITHUB_POLL_SECONDS: z.coerce.number().int().min(0).max(86_400).default(0),
});
export const ControlEnvironment = Keys.superRefine((environment, context) => {
  const { GITHUB_TOKEN: token, GITHUB_APP_ID: app, GITHUB_APP_PRIVATE_KEY_FILE: key } = environment;
  const refuse = (path: keyof z.infer<typeof Keys>, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if ((app === undefined) !== (key === undefined)) {
    const half = app === undefined ? 'GITHUB_APP_ID' : 'GITHUB_APP_PRIVATE_KEY_FILE';
    refuse(half, 'must be set too: an App is GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE together');
  }
  if (token !== undefined && (app !== undefined || key !== undefined)) {
    refuse('GITHUB_TOKEN', 'must not be set beside GITHUB_APP_ID: choose the App or the token');
  }
  if (environment.GITHUB_POLL_SECONDS > 0 && token === undefined && app === undefined)
    refuse('GITHUB_POLL_SECONDS', 'must be 0 without an identity at GitHub');
});
export type ControlEnvironment = z.infer<typeof ControlEnvironment>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
