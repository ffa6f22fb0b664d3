import { registerNamespace } from '../temporal/namespace.ts';
import { upsertSchedules } from '../temporal/schedules.ts';
import { registerSearchAttributes } from '../temporal/search-attributes.ts';
import { connectClient } from '../temporal/connection.ts';
import { createRoles } from '../db/roles.ts';
import { migrateDatabase } from '../db/migrate.ts';

export interface PrepareInput {
  /** Connection string of the role that owns the tables. */
  databaseUrl: string;
  passwords: { api: string; control: string };
  temporalAddress: string;
  temporalNamespace: string;
  codecKeyFile: string;
}

/** Brings database and Temporal to what this version needs: tables, roles, namespace, search attributes, schedules. Safe to run again. */
export async function prepare(input: PrepareInput): Promise<void> {
  await Promise.all([prepareDatabase(input), prepareTemporal(input)]);
}

async function prepareDatabase({ databaseUrl, passwords }: PrepareInput): Promise<void> {
  await migrateDatabase(databaseUrl);
  await createRoles(databaseUrl, passwords);
}

async function prepareTemporal({ temporalAddress, temporalNamespace, codecKeyFile }: PrepareInput): Promise<void> {
  const environment = { ...process.env, TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: temporalNamespace };
  const client = await connectClient({ codecKeyFile, environment });
  try {
    await registerNamespace(client);
    await registerSearchAttributes(client);
    await upsertSchedules(client);
  } finally {
    await client.connection.close();
  }
}
