import { isDeepStrictEqual } from 'node:util';
import type { Router } from 'express';
import { z } from 'zod';
import { checkCompatibility, findOtherAlias } from '../../connectors/index.ts';
import { isLive } from '../../contract/closed-sets.ts';
import type { Manifest } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import type { Executor } from '../../db/connect.ts';
import { findCodeSharers, findDecline, insertQueued, listInstallations } from '../../db/queries/installations.ts';
import { claimOperation } from '../../db/queries/operations.ts';
import { insertSubmission } from '../../db/queries/submissions.ts';
import type { Installation } from '../../db/schema/installations.ts';
import { seal } from '../../vault/seal.ts';
import { allow } from '../authenticate.ts';
import { readCredentials } from '../credentials.ts';
import type { Dependencies } from '../dependencies.ts';
import { findProject } from '../find-target.ts';
import { answerOnce, sendCreated } from '../idempotency.ts';
import { inspect } from '../inspect.ts';
import { connectorNamed } from '../named-connector.ts';
import { AliasField, EnvironmentField, ObjectField, faultsIn, parse, refuseFaults } from '../parse.ts';
import { startSoon } from '../start-soon.ts';

const Body = z.strictObject({
  connector: z.string('Name a connector of the catalogue.'),
  environment: EnvironmentField,
  alias: AliasField,
  options: ObjectField('options').default({}),
  credentials: ObjectField('credentials'),
  planHash: z
    .string('Write the plan hash as text.')
    .regex(/^[0-9a-f]{64}$/, 'Send the planHash of a dry run as it was given, or leave it out.')
    .optional(),
  /** Asks once more for what people declined. */
  again: z.boolean('Say true or false.').default(false),
});

type Wanted = Pick<Installation, 'id' | 'project' | 'connector' | 'environment' | 'alias' | 'options'>;

/** `POST /projects/:project/connectors`: seals the credentials, queues an installation and starts its workflow. */
export function createInstallation(router: Router, dependencies: Dependencies): void {
  const { database, temporal, sealingKey } = dependencies;
  router.post('/projects/:project/connectors', allow('write'), async (request, response) => {
    const project = await findProject(database, request, response);
    const body = parse(Body, request.body ?? {});
    const { connector: name, environment, alias } = body;
    const { manifest } = connectorNamed(name);
    const options = faultsIn(manifest.options, body.options, 'options');
    const credentials = readCredentials(manifest, environment, body.credentials);
    refuseFaults([...options.faults, ...credentials.faults]);

    const created = await answerOnce(
      dependencies,
      request,
      response,
      async () => {
        const { facts } = await inspect(temporal, project);
        checkCompatibility(manifest, facts);
        const id = newId('installation');
        const wanted = { id, project: project.id, connector: name, environment, alias, options: options.value ?? {} };
        const submission = newId('submission');
        const at = { project: project.id, installation: id, connector: name, environment };
        const binding = { kind: 'installation', submission, ...at } as const;
        const sealed = await seal(sealingKey, binding, credentials.values);
        const location = `${request.baseUrl}/projects/${project.id}/connectors/${id}`;
        const answer = { status: 202, location, response: { id, workflowId: id, status: 'queued' } };
        return { wanted, binding, sealed, input: { ...at, submission, reconnect: false }, answer };
      },
      async (transaction, { wanted, binding, sealed }) => {
        await insertQueued(transaction, { ...wanted, requestedPlanHash: body.planHash ?? null });
        await claimOperation(transaction, wanted, 'install');
        if (!body.again) await refuseDeclined(transaction, wanted);
        await refuseSecondAlias(transaction, manifest, wanted);
        await refuseOtherOptions(transaction, manifest, wanted);
        await insertSubmission(transaction, binding, sealed);
      },
    );
    if (created === undefined) return;
    await startSoon(dependencies, created.wanted.id, { name: 'installConnector', input: created.input });
    sendCreated(response, created.answer);
  });
}

/** People are asked once; read under the claim, so that no decline comes between. */
async function refuseDeclined(executor: Executor, wanted: Wanted): Promise<void> {
  const decline = await findDecline(executor, wanted);
  if (decline === undefined) return;
  throw new GraftError('declined_before', 'People closed the pull request for this before; ask them first.', {
    fields: [{ field: 'again', fix: 'Send again: true to ask once more.' }],
    details: { ...decline, declinedAt: decline.declinedAt.toISOString() },
  });
}

/** An app can hold the SDK of a singleton only once. */
async function refuseSecondAlias(executor: Executor, manifest: Manifest, wanted: Wanted): Promise<void> {
  const all = await listInstallations(executor, wanted.project);
  const live = all.filter(({ status }) => isLive(status));
  const other = findOtherAlias(manifest, wanted.alias, live);
  if (other === undefined) return;
  const under = other.alias === '' ? 'without an alias' : `under the alias ${other.alias}`;
  throw new GraftError('already_installed', `An app can hold this connector once, and has it ${under}: use the same.`, {
    fields: [{ field: 'alias', fix: `Install it ${under}.` }],
    details: { installation: other.id, alias: other.alias },
  });
}

/** Code belongs to connector and alias: every environment that uses it has the same options. */
async function refuseOtherOptions(executor: Executor, manifest: Manifest, wanted: Wanted): Promise<void> {
  const asStored: unknown = JSON.parse(JSON.stringify(wanted.options));
  const other = (await findCodeSharers(executor, wanted)).find(({ options }) => !isDeepStrictEqual(options, asStored));
  if (other === undefined) return;
  const apart = manifest.singleton ? '' : ', or use an alias for a second copy';
  throw new GraftError(
    'options_differ',
    `The code is in the app already with other options, for ${other.environment}: send the same options and change them for all environments by PATCH afterwards${apart}.`,
    {
      fields: [{ field: 'options', fix: 'Send the options of the installation in the details.' }],
      details: { installation: other.id, environment: other.environment, options: other.options },
    },
  );
}
