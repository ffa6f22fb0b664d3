import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Environment } from '../../contract/closed-sets.ts';
import { createdAt } from './columns.ts';
import { installations } from './installations.ts';
import { projects } from './projects.ts';

/** Which installation owns a published name; values are where they are published, and nowhere else. */
export const publishedValues = pgTable(
  'published_values',
  {
    project: text('project')
      .notNull()
      .references(() => projects.id),
    environment: text('environment').$type<Environment>().notNull(),
    /** Where it stands, as the publisher names the place; two targets may share one. */
    place: text('place').notNull(),
    name: text('name').notNull(),
    installation: text('installation')
      .notNull()
      .references(() => installations.id),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.place, table.name] }),
    index('published_values_by_installation').on(table.installation),
  ],
);
