import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { type Status, type Step, statuses, steps } from '../../contract/closed-sets.ts';
import { type EventData, type EventKind, eventKinds } from '../../contract/events.ts';
import { moment, oneOf } from './columns.ts';
import { installations } from './installations.ts';

/** An installation's progress, written together with the row it tells of. */
export const events = pgTable(
  'events',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    installation: text('installation')
      .notNull()
      .references(() => installations.id),
    at: moment('at').notNull().defaultNow(),
    step: text('step').$type<Step>().notNull(),
    event: text('event').$type<EventKind>().notNull(),
    status: text('status').$type<Status>().notNull(),
    data: jsonb('data').$type<EventData>().notNull(),
  },
  (table) => [
    index('events_by_installation').on(table.installation, table.id),
    oneOf('events_step', table.step, steps),
    oneOf('events_event', table.event, eventKinds),
    oneOf('events_status', table.status, statuses),
  ],
);
