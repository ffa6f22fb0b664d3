import type { World } from '../world.ts';
import type { Identity } from './call.ts';
import { Problem } from './problem.ts';

export interface RateLimits {
  /** Takes one request from an identity's hour; 403 when there is none left. */
  spend(identity: Identity, requestId: string): Readonly<Record<string, string>>;
  set(limit: { limit: number; remaining: number; resetInSeconds: number }): void;
  refuseNext(refusal: { retryAfter: number; times: number; status: 403 | 429 }): void;
  /** Gives back what a 304 does not cost. */
  refund(identity: Identity): void;
}

interface Window {
  limit: number;
  remaining: number;
  resetAt: number;
}

/** Counts requests per identity and hour, and refuses them on demand, with GitHub's headers and words. */
export function rateLimits(world: World): RateLimits {
  const windows = new Map<string, Window>();
  let forced: Window | undefined;
  let refusal = { retryAfter: 0, times: 0, status: 403 as 403 | 429 };

  const windowOf = (identity: Identity): Window => {
    const now = world.now().getTime();
    if (forced !== undefined && forced.resetAt > now) return forced;
    forced = undefined;
    const limit = identity.kind === 'none' ? 60 : 5000;
    const kept = windows.get(nameOf(identity));
    if (kept !== undefined && kept.resetAt > now) return kept;
    const fresh = { limit, remaining: limit, resetAt: now + 3_600_000 };
    windows.set(nameOf(identity), fresh);
    return fresh;
  };

  return {
    spend(identity, requestId) {
      const window = windowOf(identity);
      if (refusal.times > 0) {
        refusal = { ...refusal, times: refusal.times - 1 };
        throw new Problem(
          refusal.status,
          `You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID ${requestId}.`,
          {
            headers: { ...written(window), 'retry-after': String(refusal.retryAfter) },
            documentation:
              'https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
          },
        );
      }
      if (window.remaining === 0) {
        throw new Problem(
          403,
          `API rate limit exceeded for ${nameOf(identity)}. If you reach out to GitHub Support for help, please include the request ID ${requestId}.`,
          {
            headers: written(window),
            documentation: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
          },
        );
      }
      window.remaining--;
      return written(window);
    },
    set({ limit, remaining, resetInSeconds }) {
      forced = { limit, remaining, resetAt: world.now().getTime() + resetInSeconds * 1000 };
    },
    refuseNext(next) {
      refusal = next;
    },
    refund(identity) {
      windowOf(identity).remaining++;
    },
  };
}

function written({ limit, remaining, resetAt }: Window): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(Math.max(0, limit - remaining)),
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1000)),
    'x-ratelimit-resource': 'core',
  };
}

function nameOf(identity: Identity): string {
  switch (identity.kind) {
    case 'none':
      return '127.0.0.1';
    case 'app':
      return `app ID ${identity.app.id}`;
    case 'installation':
      return `installation ID ${identity.installation.id}`;
    case 'person':
      return `user ID ${identity.account.id}`;
  }
}
