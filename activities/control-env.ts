import { z } from 'zod';

const commaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const Origins = z.record(z.string(), z.url());

/** The control worker's whole environment. */
export const ControlEnvironment = z.object({
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
  /** Hosts that a lock file may name besides those it names already. */
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
});
export type ControlEnvironment = z.infer<typeof ControlEnvironment>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
