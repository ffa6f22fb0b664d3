import type { ControlActivities } from '../contract/activities.ts';
import type { Environment } from '../contract/closed-sets.ts';
import type { ConnectionReport, Discovered } from '../contract/connector.ts';
import { GraftError, isTransient } from '../contract/errors.ts';
import { getConnector } from '../connectors/index.ts';
import { saveDiscovered } from '../db/queries/discoveries.ts';
import type { Database } from '../db/connect.ts';
import { getInstallation } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { findPullRequest } from '../db/queries/pull-requests.ts';
import { deleteSubmission, findSubmission } from '../db/queries/submissions.ts';
import { findUsableVersion, findVersionBySubmission } from '../db/queries/credential-versions.ts';
import type { Installation } from '../db/schema/installations.ts';
import { scrub } from '../vault/scrub.ts';
import { getAsked } from './get-asked.ts';
import type { ControlDependencies } from './dependencies.ts';
import { createProbeHttp } from './probe-http.ts';
import { recordedStep, statusDuring } from './recorded-step.ts';

type Testing = Pick<ControlActivities, 'testSubmission' | 'testInstallation' | 'testCredentials'>;

const submissionGone = new GraftError(
  'credentials_expired',
  'The credentials that were sent are no longer kept: send them again.',
);

/** Step 2 and the tests people ask for: reads at the real provider. Step 2 keeps what it told for code to be made of. */
export function createTestConnection(dependencies: ControlDependencies): Testing {
  const { database, vault } = dependencies;

  return {
    async testSubmission({ request, submission, connector, environment }) {
      const found = await findSubmission(database, submission);
      if (found === undefined) throw submissionGone;
      try {
        const binding = { kind: 'test', submission, request, connector, environment } as const;
        const values = await vault.openSubmission(found.sealed, binding, 'test before installing');
        const of = { connector, environment: found.environment, options: {} };
        const { report } = await probe(dependencies, of, values);
        await deleteSubmission(database, submission);
        return report;
      } catch (error) {
        // The next try of what may succeed later opens it again; the api deletes it when the test ends.
        if (error instanceof GraftError && !isTransient(error.code)) await deleteSubmission(database, submission);
        throw error;
      }
    },

    async testInstallation({ installation: id }) {
      const installation = await getInstallation(database, id);
      const values = await openUsable(dependencies, installation, 'test what is installed');
      return (await probe(dependencies, installation, values)).report;
    },

    async testCredentials({ installation: id, submission }) {
      const { installation } = await getAsked(database, id);
      const at = { installation: id, step: 'test', status: statusDuring('install', installation.status) } as const;
      return recordedStep(database, at, async () => {
        const values = await openForTest(dependencies, installation, submission);
        const { report, discovered } = await probe(dependencies, installation, values);
        const facts = { account: report.account, ...(report.mode === undefined ? {} : { mode: report.mode }) };
        // What stands in an open pull request was made of what was told then.
        if (await isProposed(database, id)) return { result: report, facts };
        const told = { account: report.account, discovered };
        return { result: report, facts, write: (transaction) => saveDiscovered(transaction, id, told) };
      });
    },
  } satisfies Testing;
}

async function isProposed(database: Database, installation: string): Promise<boolean> {
  const operation = (await findClaim(database, installation))?.operation === 'update' ? 'update' : 'install';
  return (await findPullRequest(database, { installation, operation }))?.state === 'open';
}

// A workflow that runs again from the top finds its submission encrypted already: then the version is what is tested.
async function openForTest(
  dependencies: ControlDependencies,
  installation: Installation,
  submission: string,
): Promise<Record<string, string>> {
  if (submission === '') return openUsable(dependencies, installation, 'test with other options');
  const found = await findSubmission(dependencies.database, submission);
  if (found !== undefined) {
    const { id, project, connector, environment } = installation;
    const binding = { kind: 'installation', submission, project, installation: id, connector, environment } as const;
    return dependencies.vault.openSubmission(found.sealed, binding, 'test before encrypting');
  }
  const earlier = await findVersionBySubmission(dependencies.database, submission);
  if (earlier === undefined || earlier.state === 'destroyed') throw submissionGone;
  return openUsable(dependencies, installation, 'test again');
}

/** Opens the version that an installation uses; throws `credentials_expired` when there is none. */
export async function openUsable(
  { database, vault }: ControlDependencies,
  { id, project }: Pick<Installation, 'id' | 'project'>,
  purpose: string,
): Promise<Record<string, string>> {
  const version = await findUsableVersion(database, id);
  if (version === undefined) throw submissionGone;
  return vault.openVersion(version.encrypted, { project, installation: id, version: version.id }, purpose);
}

/** Calls the provider with these values; what it says for people is scrubbed of them. What it told for code is checked with the diff. */
export async function probe(
  { simulators }: ControlDependencies,
  of: { connector: string; environment: Environment; options: Record<string, unknown> },
  values: Record<string, string>,
): Promise<{ report: ConnectionReport; discovered: Discovered | undefined }> {
  const connector = getConnector(of.connector);
  const secrets = connector.manifest.credentialFields.flatMap(({ name, secret }) => {
    const value = values[name];
    return secret && value !== undefined ? [value] : [];
  });
  const run = await connector.loadProbe();
  try {
    const http = createProbeHttp(connector.manifest.hosts, simulators);
    const { account, mode, notes, discovered } = await run({
      credentials: values,
      options: of.options,
      environment: of.environment,
      http,
    });
    const report = {
      account: scrub(account, secrets),
      mode,
      notes: notes.map((note) => scrub(note, secrets)),
    };
    return { report, discovered };
  } catch (error) {
    if (!(error instanceof GraftError)) throw new GraftError('internal', 'The probe failed in a way it does not know.');
    const { code, fields, details, retryAfterSeconds } = error;
    throw new GraftError(code, scrub(error.message, secrets), {
      fields,
      details,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
}
