import type { Router } from 'express';
import { z } from 'zod';
import { newId, workflowId } from '../../contract/ids.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findProject } from '../find-target.ts';
import { connectorNamed } from '../named-connector.ts';
import { AliasField, ObjectField, parse } from '../parse.ts';
import { readStoredPlan } from '../stored-plan.ts';
import { ask } from '../workflows.ts';

const Body = z.strictObject({
  connector: z.string('Name a connector of the catalogue.'),
  options: ObjectField('options').default({}),
  alias: AliasField,
  remove: z.boolean('Say true or false.').default(false),
});

/** `POST /projects/:project/plans`: what an installation or a removal would change, without doing it. */
export function createPlan(router: Router, { database, temporal, artifacts }: Dependencies): void {
  router.post('/projects/:project/plans', allow('read'), async (request, response) => {
    const project = await findProject(database, request, response);
    const { connector, options, alias, remove } = parse(Body, request.body ?? {});
    const { manifest } = connectorNamed(connector);
    const planned = await ask(temporal, 'planInstallation', {
      workflowId: workflowId.plan(newId('request')),
      input: {
        project: project.id,
        connector,
        alias,
        options: remove ? {} : parse(manifest.options, options, 'options'),
        remove,
      },
      seconds: 60,
      summary: `Plan ${connector} for ${project.id}`,
    });
    response.json({
      baseCommit: planned.baseCommit,
      ...(await readStoredPlan(artifacts, project.id, planned.artifact)),
    });
  });
}
