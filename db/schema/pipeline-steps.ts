import { index, pgTable, primaryKey, real, text } from 'drizzle-orm/pg-core';
import type { CodeOperation } from '../../contract/activities.ts';
import type { PipelineStep, Verdict } from '../../contract/pipeline.ts';
import { moment } from './columns.ts';
import { installations } from './installations.ts';

/** Verdict, log and duration of each step of a validation. */
export const pipelineStepReports = pgTable(
  'pipeline_steps',
  {
    installation: text('installation')
      .notNull()
      .references(() => installations.id),
    operation: text('operation').$type<CodeOperation['operation']>().notNull(),
    /** What was validated: a plan hash, or the commit of a head that people pushed. */
    subject: text('subject').notNull(),
    step: text('step').$type<PipelineStep>().notNull(),
    verdict: text('verdict').$type<Verdict>().notNull(),
    summary: text('summary').notNull(),
    seconds: real('seconds').notNull(),
    /** SHA-256 of the log in the artifact store, empty when nothing was run. */
    log: text('log').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.installation, table.operation, table.subject, table.step] }),
    index('pipeline_steps_newest').on(table.installation, table.at),
  ],
);
