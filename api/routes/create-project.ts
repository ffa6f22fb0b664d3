import type { Router } from 'express';
import { z } from 'zod';
import { driftReports } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import { insertProject } from '../../db/queries/projects.ts';
import { allow, callerOf, hasScope } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerOnce, sendCreated } from '../idempotency.ts';
import { inspect } from '../inspect.ts';
import { parse } from '../parse.ts';
import { projectView } from '../project-view.ts';

const Body = z.strictObject({
  name: z
    .string('Give the project a name.')
    .regex(/^[^\p{Cc}]{1,100}$/u, 'Give the project a name of 1 to 100 characters on one line.'),
  codeHost: z.enum(['local'], 'Choose one of: local.'),
  repository: z
    .string('Name the repository on the code host.')
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?<!\.git)$/,
      'Name a repository by letters, digits, dots, - and _, without .git; paths are not taken.',
    ),
  appDir: z
    .string('Write the folder of the app in the repository, or leave it out.')
    .regex(
      /^$|^(?!\.\.?(\/|$))[^\p{Cc}/\\]+(\/(?!\.\.?(\/|$))[^\p{Cc}/\\]+)*$/u,
      'Write a folder in the repository such as apps/mobile, with no / at either end and no . or .. in it.',
    )
    .max(200, 'Write at most 200 characters.')
    .default(''),
  trusted: z.boolean('Say true or false.').default(false),
  driftReport: z.enum(driftReports, `Choose one of: ${driftReports.join(', ')}.`).default('none'),
});

/** `POST /projects`: registers an app; 422 at once when there is no app that we know. */
export function createProject(router: Router, dependencies: Dependencies): void {
  router.post('/projects', allow('write'), async (request, response) => {
    const caller = callerOf(response);
    if (caller.project !== null)
      throw new GraftError('forbidden', 'This token is for one project; register others with a token for all.');
    const body = parse(Body, request.body ?? {});
    if (body.trusted && !hasScope(caller, 'admin'))
      throw new GraftError('forbidden', 'Only a token with the scope admin may register a trusted project.');

    const created = await answerOnce(
      dependencies,
      request,
      response,
      async () => {
        const inspection = await inspect(dependencies.temporal, body);
        const project = { id: newId('project'), ...body, createdAt: new Date() };
        const answer = {
          status: 201,
          location: `${request.baseUrl}/projects/${project.id}`,
          response: { ...projectView(project), ...inspection },
        };
        return { project, answer };
      },
      (transaction, { project }) => insertProject(transaction, project),
    );
    if (created !== undefined) sendCreated(response, created.answer);
  });
}
