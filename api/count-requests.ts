import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { requestIdOf } from './request-id.ts';

interface RequestCount {
  method: string;
  route: string;
  status: number;
  count: number;
}

/** How many requests were answered, by method, route and status. */
export interface RequestCounts {
  handler: RequestHandler;
  read(): readonly RequestCount[];
}

/** The pattern of the route, never the path: that may hold anything. */
function routeOf(request: Request): string {
  const path: unknown = (request.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'unknown';
}

/** Counts every answer and writes one log line for it: ids, route, status and milliseconds, no value of the request. */
export function countRequests(log: Logger): RequestCounts {
  const counts = new Map<string, RequestCount>();
  return {
    handler(request, response, next) {
      const begun = performance.now();
      response.once('close', () => {
        const { method } = request;
        const route = routeOf(request);
        const status = response.statusCode;
        const key = `${method} ${route} ${status}`;
        const counted = counts.get(key) ?? { method, route, status, count: 0 };
        counted.count += 1;
        counts.set(key, counted);
        const milliseconds = Math.round(performance.now() - begun);
        log.info({ requestId: requestIdOf(response), method, route, status, milliseconds }, 'request answered');
      });
      next();
    },
    read: () => [...counts.values()],
  };
}
