import { checkInstalled } from '../codegen/check-installed.ts';
import type { CodeChange } from '../contract/closed-sets.ts';
import type { BaseHead } from '../contract/code-host.ts';
import type { Finding, Snapshot } from '../contract/codegen.ts';
import type { Contribution } from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import type { Transaction } from '../db/connect.ts';
import { findUsableVersion, promoteVersion } from '../db/queries/credential-versions.ts';
import { saveDrift } from '../db/queries/drift.ts';
import { finishInstallation } from '../db/queries/progress.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { wantedFor } from './contribution.ts';
import type { ControlDependencies } from './dependencies.ts';
import { deleteOwnBranch } from './own-pull-request.ts';
import { readBundled } from './read-bundled.ts';
import { openUsable, probe } from './test-connection.ts';

/** The code of an installation as it is in the base. */
export interface MergedCode {
  base: BaseHead;
  contribution: Contribution;
  /** What people changed of it on the way, and what is missing but adopted. */
  changed: readonly Finding[];
  adopted: readonly Finding[];
}

/** Reads what was merged; throws `merged_differently` when something is missing and is not adopted as it is. */
export async function readMergedCode(
  dependencies: ControlDependencies,
  installation: Installation,
  project: Project,
  adopt: boolean,
): Promise<MergedCode> {
  const host = dependencies.codeHosts[project.codeHost];
  const base = await host.readBase(project.repository);
  const snapshot = await host.readSnapshot(project.repository, base.commit);
  const findings = checkMergedHead(snapshot, project.appDir, installation, adopt);
  const bundled = await readBundled(dependencies, installation, project.appDir, [snapshot]);
  const { contribution } = wantedFor(snapshot, project.appDir, installation, bundled);
  return { base, contribution, ...findings };
}

function checkMergedHead(
  snapshot: Snapshot,
  appDir: string,
  { connector, alias }: Installation,
  adopt: boolean,
): Pick<MergedCode, 'changed' | 'adopted'> {
  const findings = checkInstalled(snapshot, appDir, connector, alias);
  const missing = findings.filter(({ kind }) => kind === 'missing');
  if (missing.length > 0 && !adopt)
    throw new GraftError(
      'merged_differently',
      `After the merge this is missing: ${missing.map(({ file, what }) => `${file}: ${what}`).join('; ')}. Bring it back and retry, or adopt it as it is.`,
    );
  return { changed: findings.filter(({ kind }) => kind === 'changed'), adopted: missing };
}

interface Activation {
  installation: Installation;
  project: Project;
  operation: CodeChange;
  workflowId: string;
  code: MergedCode;
  /** Names that were published for it. */
  published: Iterable<string>;
  /** What the credentials are opened for. */
  purpose: string;
  /** Installations that share the code and are active with it. */
  active: readonly Installation[];
  /** What people should know of how it ended. */
  message?: string | undefined;
  /** Written in the same transaction. */
  write?: (transaction: Transaction) => Promise<void>;
  /** When the step began, by `performance.now()`. */
  begun: number;
}

/**
 * The end of an operation that leaves an installation active: a health check, the branch deleted, then version, what is known
 * of the code, status and claim in one transaction. Throws what the probe throws, and `credentials_expired`.
 */
export async function becomeActive(dependencies: ControlDependencies, activation: Activation): Promise<void> {
  const { database } = dependencies;
  const { installation, project, operation, workflowId, code, published, purpose, active, message, write, begun } =
    activation;
  const { report } = await probe(dependencies, installation, await openUsable(dependencies, installation, purpose));
  await deleteOwnBranch(dependencies, installation, project, operation);
  const version = await findUsableVersion(database, installation.id);
  if (version === undefined) throw new GraftError('credentials_expired', 'No credentials are kept: send them again.');
  await database.transaction(async (transaction) => {
    await promoteVersion(transaction, installation.id, version.id);
    await write?.(transaction);
    // From here on what goes missing is drift; what people adopted is not.
    await saveDrift(transaction, active, {
      baseCommit: code.base.commit,
      findings: code.changed,
      heldAt: code.base.commit,
      adopted: code.adopted,
      // The next look closes an issue that was left open before.
      reported: false,
      issueUrl: null,
    });
    await finishInstallation(transaction, {
      installation: installation.id,
      workflowId,
      status: 'active',
      step: 'activate',
      event: 'done',
      data: {
        ...(message === undefined ? {} : { message }),
        seconds: Math.round(performance.now() - begun) / 1000,
        facts: {
          account: report.account,
          published: [...published].join(', '),
          changedByPeople: filesOf([...code.changed, ...code.adopted]),
        },
      },
    });
  });
}

function filesOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ file }) => file))].join(', ');
}
