import type { Route } from './call.ts';
import { Problem } from './problem.ts';

// These take the rest of the path up to what follows them, slashes included.
const greedy = ['ref', 'basehead', 'branch'];

export type Router = (method: string, path: string) => { route: Route; params: Record<string, string> } | undefined;

/** Finds the route of a request; where two fit, the one whose path has more fixed parts wins. */
export function makeRouter(routes: readonly Route[]): Router {
  const entries = routes
    .map((route) => ({ route, shape: shapeOf(route.path), fixed: route.path.replace(/\{\w+\}/g, '').length }))
    .sort((one, other) => other.fixed - one.fixed);
  return (method, path) => {
    for (const { route, shape } of entries) {
      const found = route.method === method ? shape.exec(path) : null;
      if (found === null) continue;
      return { route, params: decoded(found.groups ?? {}) };
    }
    return undefined;
  };
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    throw new Problem(400, 'Bad Request');
  }
}

function shapeOf(path: string): RegExp {
  const pattern = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    greedy.includes(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${pattern}$`);
}
