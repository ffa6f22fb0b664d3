import type { CodeOperation } from '../contract/activities.ts';
import { findPullRequest, savePullRequest } from '../db/queries/pull-requests.ts';
import type { Project } from '../db/schema/projects.ts';
import type { ControlDependencies } from './dependencies.ts';

const mark = /^> \*\*Not validated yet:\*\* .*\n\n/;

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
  const { title, body, labels } = await host.readPullRequest(repository, known.number);
  const first = `> **Not validated yet:** commit \`${head.slice(0, 10)}\`; the evidence below is of an earlier one.\n\n`;
  const text = first + body.replace(mark, '');
  await host.updatePullRequest(repository, known.number, { title, body: text, draft: true, labels });
  await savePullRequest(database, of, await host.readPullRequest(repository, known.number));
}
