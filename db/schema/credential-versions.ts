import { sql } from 'drizzle-orm';
import { check, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import type { EncryptedVersion } from '../../contract/vault.ts';
import { createdAt, moment, oneOf } from './columns.ts';
import { installations } from './installations.ts';

const versionStates = ['staged', 'current', 'expiring', 'destroyed'] as const;
type VersionState = (typeof versionStates)[number];

/** Credentials of one installation under a data key of their own. */
export const credentialVersions = pgTable(
  'credential_versions',
  {
    id: text('id').primaryKey(),
    installation: text('installation')
      .notNull()
      .references(() => installations.id),
    /** 1, 2, 3 … within the installation. */
    number: integer('number').notNull(),
    state: text('state').$type<VersionState>().notNull().default('staged'),
    /** The submission it was made from: a second try finds the version instead of making another. */
    submission: text('submission').notNull().unique('credential_versions_submission'),
    /** null once destroyed, and only then. */
    encrypted: jsonb('encrypted').$type<EncryptedVersion>(),
    createdAt: createdAt(),
    /** null until destroyed. */
    destroyedAt: moment('destroyed_at'),
  },
  (table) => [
    unique('credential_versions_number').on(table.installation, table.number),
    oneOf('credential_versions_state', table.state, versionStates),
    check('credential_versions_destroyed', sql`(${table.state} = 'destroyed') = (${table.encrypted} is null)`),
  ],
);
export type CredentialVersion = typeof credentialVersions.$inferSelect;
