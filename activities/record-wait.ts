import type { ControlActivities } from '../contract/activities.ts';
import { recordProgress } from '../db/queries/progress.ts';
import type { ControlDependencies } from './dependencies.ts';

type Recording = Pick<ControlActivities, 'recordWait'>;

/** Writes that an operation waits for people, goes on, or is in a step that no control activity records. */
export function createRecordWait({ database }: ControlDependencies): Recording {
  return {
    async recordWait({ message, reason, outcome, ...at }) {
      await recordProgress(database, {
        ...at,
        ...(reason === undefined ? {} : { reason }),
        data: {
          ...(reason === undefined ? {} : { reason }),
          ...(message === undefined ? {} : { message }),
          ...(outcome === undefined ? {} : { outcome }),
        },
      });
    },
  } satisfies Recording;
}
