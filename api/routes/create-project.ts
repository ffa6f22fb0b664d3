import type { Router } from 'express';
import { z } from 'zod';
import { codeHostKinds, driftReports } from '../../contract/closed-sets.ts';
import { GraftError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import { insertProject } from '../../db/queries/projects.ts';
import { allow, callerOf, hasScope } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { answerOnce, sendCreated } from '../idempotency.ts';
import { inspect } from '../inspect.ts';
import { parse } from '../parse.ts';
import { projectView } from '../project-view.ts';

/** How a repository is named on each code host. GitHub's names are the same in any case, so they are kept in lower case. */
const repositories = {
  local: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?<!\.git)$/,
    fix: 'Name a repository by letters, digits, dots, - and _, without .git; paths are not taken.',
    keep: (name: string) => name,
  },
  github: {
    pattern: /^(?=.{1,39}\/)[A-Za-z0-9]+(-[A-Za-z0-9]+)*\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}(?<!\.git)$/i,
    fix: 'Name a repository as owner/name, as it is written at GitHub, without .git; a URL is not taken.',
    keep: (name: string) => name.toLowerCase(),
  },
} as const;

const Fields = z.strictObject({
  name: z
    .string('Give the project a name.')
    .regex(/^[^\p{Cc}]{1,100}$/u, 'Give the project a name of 1 to 100 characters on one line.'),
  codeHost: z.enum(codeHostKinds, `Choose one of: ${codeHostKinds.join(', ')}.`),
  repository: z.string('Name the repository on the code host.'),
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

const Body = Fields.superRefine(
  ({ codeHost, repository, driftReport }, context) => {
    const { pattern, fix } = repositories[codeHost === 'github' ? codeHost : 'local'];
    if (typeof repository === 'string' && !pattern.test(repository))
      context.addIssue({ code: 'custom', path: ['repository'], message: fix });
    if (codeHost === 'local' && driftReport === 'issue')
      context.addIssue({
        code: 'custom',
        path: ['driftReport'],
        message: 'The local code host keeps no issues: choose pull_request, or none and read drift from the API.',
      });
  },
  // Told in the same answer as fields that are wrong by themselves.
  { when: ({ value }) => typeof value === 'object' && value !== null },
).transform((body) => ({ ...body, repository: repositories[body.codeHost].keep(body.repository) }));

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
