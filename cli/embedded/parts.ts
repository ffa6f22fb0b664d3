import { GraftError } from '../../contract/errors.ts';
import type { Child } from './child.ts';

/** What was started and must be ended; some have a process of their own. */
interface Part {
  child?: Child;
  stop(): Promise<void>;
}

/** A stack's parts while it runs. */
export interface Parts {
  /** Starts a part and keeps it, with how it is started. */
  start<P extends Part>(begin: () => Promise<P>): Promise<P>;
  /** Kills a process at once, with its whole group, and starts it again; throws `not_found` for a name that is none. */
  restart(name: string): Promise<void>;
  /** Process ids by name, as they are now. */
  processes(): Record<string, number>;
  /** Resolves with a sentence when a process ends that nobody stopped or restarted. */
  crashed: Promise<string>;
  /** Ends all, the newest first: clients before servers. */
  stop(): Promise<void>;
}

/** An empty set of parts. */
export function createParts(): Parts {
  const kept: { part: Part; begin: () => Promise<Part> }[] = [];
  const expected = new Set<Child>();
  let stopping: Promise<void> | undefined;
  const { promise: crashed, resolve: reportCrash } = Promise.withResolvers<string>();

  function watch({ child }: Part): void {
    void child?.ended.then((how) => {
      if (stopping === undefined && !expected.has(child))
        reportCrash(`The ${child.name} ended with ${how}. Its log: ${child.logFile}`);
    });
  }

  async function stopAll(): Promise<void> {
    for (const { part } of kept) await part.stop();
  }

  return {
    async start(begin) {
      const part = await begin();
      kept.unshift({ part, begin });
      watch(part);
      return part;
    },
    async restart(name) {
      const found = kept.find(({ part }) => part.child?.name === name);
      const child = found?.part.child;
      if (found === undefined || child === undefined) throw new GraftError('not_found', `The stack has no ${name}.`);
      expected.add(child);
      await child.kill();
      found.part = await found.begin();
      watch(found.part);
    },
    processes: () =>
      Object.fromEntries(kept.flatMap(({ part: { child } }) => (child ? [[child.name, child.pid]] : []))),
    crashed,
    stop: () => (stopping ??= stopAll()),
  };
}
