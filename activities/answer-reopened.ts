import type { CodeOperation, ControlActivities } from '../contract/activities.ts';
import type { CodeHost } from '../contract/code-host.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { ControlDependencies } from './dependencies.ts';

type Answering = Pick<ControlActivities, 'answerReopened'>;

/** What Graft says when people open a pull request again that no operation waits for any more. */
export function createAnswerReopened({ database, codeHosts }: ControlDependencies): Answering {
  return {
    async answerReopened({ installation: id, operation, number }) {
      const { installation, project } = await getInstallationWithProject(database, id);
      // An operation that runs reads the pull request itself.
      if ((await findClaim(database, id)) !== undefined) return;
      const host = codeHosts[project.codeHost];
      const { state } = await host.readPullRequest(project.repository, number);
      if (state !== 'open') return;
      await sayReopened(host, project.repository, { number, operation, installation });
    },
  } satisfies Answering;
}

/** Says at an open pull request, once, that its operation has ended, and what to do instead. */
export async function sayReopened(
  host: CodeHost,
  repository: string,
  of: { number: number; operation: CodeOperation['operation']; installation: Installation },
): Promise<void> {
  await host.comment(repository, of.number, 'reopened', textOf(of.operation, of.installation));
}

function textOf(operation: CodeOperation['operation'], { id, project, status }: Installation): string {
  const path = `/api/v1/projects/${project}/connectors`;
  const lines = {
    install: [
      `This pull request is open again, but the installation that it belongs to has ended: it is ${status}. Its`,
      'credentials are destroyed, and merging would bring code that nothing works with.',
      '',
      `To resume, send \`POST ${path}\` again with \`"again": true\`: Graft opens a new pull request.`,
    ],
    update: [
      'This pull request is open again, but the update that it belongs to has ended: the installation is',
      `${status} as it was, and merging would bring code that it knows nothing of.`,
      '',
      `To update it, send \`PATCH ${path}/${id}\`: Graft opens a new pull request.`,
    ],
    remove: [
      'This pull request is open again, but the removal that it belongs to has ended: the installation is',
      `${status}, and merging would take the code away while its credentials stay.`,
      '',
      `To remove it, send \`DELETE ${path}/${id}\`: Graft opens a new pull request.`,
    ],
  }[operation];
  return [...lines, '', 'Please close this one.'].join('\n');
}
