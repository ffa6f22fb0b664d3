import { z } from 'zod';

/** The whole environment of `npm run setup`. */
export const SetupEnvironment = z.object({
  /** Connection string of the role that owns the tables. */
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1),
  /** Folder in which a folder of keys for each process is made. */
  GRAFT_KEYS: z.string().min(1),
  GRAFT_API_DATABASE_PASSWORD: z.string().min(16),
  GRAFT_CONTROL_DATABASE_PASSWORD: z.string().min(16),
});
