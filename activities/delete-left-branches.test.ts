import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { CodeHostKind } from '../contract/closed-sets.ts';
import { GraftError } from '../contract/errors.ts';
import { projects } from '../db/schema/projects.ts';
import { type Rows, openRows } from '../test/harness/rows.ts';
import { deleteLeftBranches } from './delete-left-branches.ts';
import type { ControlDependencies } from './dependencies.ts';

let rows: Rows;
beforeEach(async () => {
  rows = await openRows();
});
afterEach(() => rows.close());

/** A project with an installation that changed so many hours ago; gives its repository. */
async function livelyProject(codeHost: CodeHostKind, hours: number): Promise<string> {
  const { id, repository } = await rows.newProject();
  await rows.queue({ project: id });
  await rows.owner.update(projects).set({ codeHost }).where(eq(projects.id, id));
  await rows.owner.execute(
    sql`update installations set updated_at = now() - make_interval(hours => ${hours}) where project = ${id}`,
  );
  return repository;
}

/** Looks at all hosts, where asking about a repository ends like this; gives which were asked about. */
async function asked(answer: (repository: string) => readonly string[]): Promise<string[]> {
  const repositories: string[] = [];
  const listBranches = async (repository: string) => {
    repositories.push(repository);
    return answer(repository);
  };
  const codeHosts = { local: { listBranches }, github: { listBranches } };
  const dependencies = { database: rows.control, codeHosts } as unknown as ControlDependencies;
  try {
    await deleteLeftBranches(dependencies);
  } catch (error) {
    repositories.push(String(error));
  }
  return repositories.toSorted();
}

it('asks about what changed in the last hour at GitHub, and in the last day on the local code host', async () => {
  const github = await livelyProject('github', 0);
  await livelyProject('github', 2);
  const local = await livelyProject('local', 2);
  await livelyProject('local', 25);
  expect(await asked(() => [])).toEqual([github, local].toSorted());
});

it.each(['rate_limited', 'unavailable'] as const)('asks a host that is %s no more, and goes on', async (code) => {
  const github = [await livelyProject('github', 0), await livelyProject('github', 0)];
  const local = [await livelyProject('local', 0), await livelyProject('local', 0)];
  const repositories = await asked((repository) => {
    if (github.includes(repository)) throw new GraftError(code, 'Later.');
    return [];
  });
  expect(repositories.filter((repository) => local.includes(repository))).toEqual(local.toSorted());
  expect(repositories.length).toBe(local.length + 1);
});

it('tells of another failure when all were asked', async () => {
  const local = [await livelyProject('local', 0), await livelyProject('local', 0)];
  const repositories = await asked((repository) => {
    if (repository === local[0]) throw new GraftError('code_host_refused', 'No.');
    return [];
  });
  expect(repositories).toEqual([...local, 'GraftError: No.'].toSorted());
});
