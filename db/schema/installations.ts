import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import {
  type Environment,
  type Reason,
  type Status,
  type Step,
  endedStatuses,
  environments,
  statuses,
  steps,
} from '../../contract/closed-sets.ts';
import type { NextStep } from '../../contract/connector.ts';
import { createdAt, moment, oneOf, wordList } from './columns.ts';
import { projects } from './projects.ts';

/** One connector in one project, environment and alias; every try is a new row. */
export const installations = pgTable(
  'installations',
  {
    id: text('id').primaryKey(),
    project: text('project')
      .notNull()
      .references(() => projects.id),
    connector: text('connector').notNull(),
    environment: text('environment').$type<Environment>().notNull(),
    alias: text('alias').notNull().default(''),
    options: jsonb('options').$type<Record<string, unknown>>().notNull(),
    /** Hash of the dry run that the person saw; null when nothing was promised. */
    requestedPlanHash: text('requested_plan_hash'),
    status: text('status').$type<Status>().notNull().default('queued'),
    step: text('step').$type<Step>().notNull().default('validate'),
    /** Why it waits for people; null when it does not. */
    reason: text('reason').$type<Reason>(),
    /** Since when it waits for this reason. */
    attentionSince: moment('attention_since'),
    /** What people should do, or why it ended; null when there is nothing to say. */
    message: text('message'),
    /** What is left to do for people, by the plan; null until there is one. */
    nextSteps: jsonb('next_steps').$type<readonly NextStep[]>(),
    /** Until when the pull request must be merged. */
    deadline: moment('deadline').notNull(),
    createdAt: createdAt(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('installations_live')
      .on(table.project, table.connector, table.environment, table.alias)
      .where(sql`${table.status} not in (${wordList(endedStatuses)})`),
    index('installations_by_project').on(table.project, table.createdAt),
    oneOf('installations_environment', table.environment, environments),
    oneOf('installations_status', table.status, statuses),
    oneOf('installations_step', table.step, steps),
  ],
);
export type Installation = typeof installations.$inferSelect;
