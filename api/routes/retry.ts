import type { Router } from 'express';
import { z } from 'zod';
import { answerPerson } from '../answer-person.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { parse } from '../parse.ts';

const choices = ['overwrite', 'keep', 'adopt'] as const;
const Body = z.strictObject({ choice: z.enum(choices, `Choose one of: ${choices.join(', ')}.`).optional() });

/** `POST …/:installation/retry [{choice}]`: what it waited for is mended, or decided. */
export function retryInstallation(router: Router, dependencies: Dependencies): void {
  router.post('/projects/:project/connectors/:installation/retry', allow('write'), async (request, response) => {
    const { installation } = await findInstallation(dependencies.database, request, response);
    const { choice } = parse(Body, request.body ?? {});
    response.status(202).json(await answerPerson(dependencies, installation, { answer: choice ?? 'retry' }));
  });
}
