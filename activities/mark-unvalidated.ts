import type { CodeOperation } from '../contract/activities.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';
import { isPeoplesDraft, notValidated, staysDraft } from './peoples-draft.ts';

/** Makes a draft of the pull request whose head is about to be validated, and says first that its evidence is older. */
export async function markUnvalidated(
  { database, codeHosts }: Pick<ControlDependencies, 'database' | 'codeHosts'>,
  of: CodeOperation,
  { codeHost, repository }: Project,
  head: string,
): Promise<void> {
  const known = await findPullRequest(database, of);
  if (known === undefined) return;
  const host = codeHosts[codeHost];
  const now = await host.readPullRequest(repository, known.number);
  const evidence = `${notValidated} commit \`${head.slice(0, 10)}\`; the evidence below is of an earlier one.`;
  const first = isPeoplesDraft(now) ? `${evidence} ${staysDraft}` : evidence;
  const body = `${first}\n\n${withoutMark(now.body)}`;
  await host.updatePullRequest(repository, known.number, { body, draft: true, labels: now.labels });
  await savePullRequest(database, of, await host.readPullRequest(repository, known.number));
}

function withoutMark(body: string): string {
  return body.startsWith(notValidated) ? body.slice(body.indexOf('\n\n') + 2) : body;
}
