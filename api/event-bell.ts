import type { Database } from '../db/connect.ts';
import { listen } from '../db/connect.ts';
import { eventsChannel } from '../db/queries/progress.ts';

/** Rings whoever waits for news of an installation. */
export interface EventBell {
  /** Resolves at the next news of the installation, after that many milliseconds, or when the signal is aborted. */
  wait(installation: string, milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Listens once for all streams of this process; a notification that is lost is made good by the caller's next look. */
export async function createEventBell(database: Database): Promise<EventBell> {
  const waiting = new Map<string, Set<() => void>>();
  const unlisten = await listen(database, eventsChannel, (installation) => {
    for (const ring of waiting.get(installation) ?? []) ring();
  });
  return {
    wait(installation, milliseconds, signal) {
      return new Promise((resolve) => {
        const rings = waiting.get(installation) ?? new Set();
        waiting.set(installation, rings);
        const ring = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', ring);
          rings.delete(ring);
          if (rings.size === 0) waiting.delete(installation);
          resolve();
        };
        const timer = setTimeout(ring, milliseconds);
        signal.addEventListener('abort', ring);
        rings.add(ring);
        if (signal.aborted) ring();
      });
    },
    close: unlisten,
  };
}
