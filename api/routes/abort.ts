import type { Router } from 'express';
import { answerPerson } from '../answer-person.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { Nothing, parse } from '../parse.ts';

/** `POST …/:installation/abort`: ends the operation that runs and undoes it; refused after the merge. */
export function abortInstallation(router: Router, dependencies: Dependencies): void {
  router.post('/projects/:project/connectors/:installation/abort', allow('write'), async (request, response) => {
    const { installation } = await findInstallation(dependencies.database, request, response);
    parse(Nothing, request.body ?? {});
    response.status(202).json(await answerPerson(dependencies, installation, { answer: 'abort' }));
  });
}
