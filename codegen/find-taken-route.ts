import type { ProjectFacts } from '../contract/codegen.ts';
import type { Draft } from './draft.ts';
import { endingsOf, withoutEndingOf } from './read-next.ts';

/** The app's file that answers the same route of Next.js as the file at `path` would, in either router: a build refuses two. */
export function findTakenRoute(draft: Draft, facts: ProjectFacts, path: string): string | undefined {
  if (facts.framework !== 'next' || !path.startsWith(`${facts.routesDir}/`)) return undefined;
  const wanted = routeOf(path, facts);
  if (wanted === undefined) return undefined;
  return draft.paths().find((other) => other !== path && routeOf(other, facts) === wanted);
}

/** The route of a file, groups and slots left out; undefined when it is none. */
function routeOf(path: string, facts: ProjectFacts): string | undefined {
  const above = facts.routesDir.replace(/(?:app|pages)$/, '');
  const stem = withoutEndingOf(path, endingsOf(facts));
  if (stem === undefined) return undefined;
  if (stem.startsWith(`${above}pages/`)) return stem.slice(`${above}pages`.length).replace(/\/index$/, '');
  if (!stem.startsWith(`${above}app/`) || !/\/(?:route|page)$/.test(stem)) return undefined;
  const folders = stem.slice(`${above}app`.length).split('/').slice(0, -1);
  return folders.filter((folder) => !/^(?:\(.+\)|@.+)$/.test(folder)).join('/');
}
