import { GraftError } from '../contract/errors.ts';

/** Lets at most `limit` calls of each caller through in any window of that many seconds; throws `rate_limited`. */
export function createRateLimit(limit: number, windowSeconds: number): (caller: string) => void {
  const calls = new Map<string, number[]>();
  return (caller) => {
    const now = Date.now();
    const begin = now - windowSeconds * 1000;
    for (const [other, times] of calls) if ((times.at(-1) ?? 0) <= begin) calls.delete(other);
    const recent = (calls.get(caller) ?? []).filter((time) => time > begin);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= limit) {
      const retryAfterSeconds = Math.ceil((oldest - begin) / 1000);
      throw new GraftError('rate_limited', `At most ${limit} of these in ${windowSeconds} s; wait and try again.`, {
        retryAfterSeconds,
      });
    }
    calls.set(caller, [...recent, now]);
  };
}
