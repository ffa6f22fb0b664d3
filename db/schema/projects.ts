import { boolean, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { type CodeHostKind, type DriftReport, driftReports } from '../../contract/closed-sets.ts';
import { createdAt, oneOf } from './columns.ts';

/** An app whose source lives in a repository on a code host. */
export const projects = pgTable(
  'projects',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    codeHost: text('code_host').$type<CodeHostKind>().notNull(),
    repository: text('repository').notNull(),
    /** Folder of the app in the repository, empty for its root. */
    appDir: text('app_dir').notNull().default(''),
    /** Its code may run where there is no sandbox. */
    trusted: boolean('trusted').notNull().default(false),
    /** Where people are told of drift, beside the API. */
    driftReport: text('drift_report').$type<DriftReport>().notNull().default('none'),
    createdAt: createdAt(),
  },
  (table) => [
    unique('projects_place').on(table.codeHost, table.repository, table.appDir),
    oneOf('projects_drift_report', table.driftReport, driftReports),
  ],
);
export type Project = typeof projects.$inferSelect;
