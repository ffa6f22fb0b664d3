import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** The api's whole environment. */
export const ApiEnvironment = z
  .object({
    NODE_ENV: z.string().default('development'),
    DATABASE_URL: z.string().min(1),
    TEMPORAL_ADDRESS: z.string().min(1),
    TEMPORAL_NAMESPACE: z.string().min(1),
    GRAFT_CODEC_KEY_FILE: z.string().min(1),
    GRAFT_ARTIFACTS: z.string().min(1),
    GRAFT_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    GRAFT_API_HOST: z.string().min(1).default('127.0.0.1'),
    GRAFT_API_PORT: port,
    GRAFT_SEALING_PUBLIC_KEY_FILE: z.string().min(1),
    /** Key of the hashes by which bodies with an Idempotency-Key are compared. */
    GRAFT_HASH_KEY_FILE: z.string().min(1),
    /** Secrets that GitHub's webhooks are signed with, separated by commas; without one they are not taken. */
    GITHUB_WEBHOOK_SECRET: z
      .string()
      .default('')
      .transform((text) =>
        text
          .split(',')
          .map((secret) => secret.trim())
          .filter(Boolean),
      )
      .refine((secrets) => secrets.every(({ length }) => length >= 16), 'each must have at least 16 characters'),
    /** Port on loopback where the Temporal UI has payloads decoded. */
    GRAFT_CODEC_PORT: port,
    /** The only origin that may read what the codec endpoint answers. */
    GRAFT_CODEC_ORIGIN: z.url().transform((url) => new URL(url).origin),
    /** Bearer token of the codec endpoint; a must in production. */
    GRAFT_CODEC_TOKEN: z
      .string()
      .regex(/^$|^.{32,}$/, 'must have at least 32 characters')
      .transform((text) => (text === '' ? undefined : text))
      .optional(),
  })
  .refine((env) => env.NODE_ENV !== 'production' || env.GRAFT_CODEC_TOKEN !== undefined, {
    path: ['GRAFT_CODEC_TOKEN'],
    message: 'must be set in production',
  });
export type ApiEnvironment = z.infer<typeof ApiEnvironment>;
