import type { PlannedArtifact, ProjectInspection } from '../contract/activities.ts';
import type { CodeHostKind } from '../contract/closed-sets.ts';
import type { CodeHostIdentity } from '../contract/code-host.ts';
import type { ConnectionReport } from '../contract/connector.ts';
import type { InspectInput, PlanRequest, TestInput } from '../contract/workflows.ts';
import { interactive } from './policies.ts';

/** Says who the control worker is at a code host. */
export async function describeCodeHost(input: { codeHost: CodeHostKind }): Promise<CodeHostIdentity> {
  return interactive.describeCodeHost(input);
}

/** Reads what kind of app a repository holds at its base head; changes nothing. */
export async function inspectProject(input: InspectInput): Promise<ProjectInspection> {
  return interactive.inspectProject(input);
}

/** Plans without doing: the plan is an artifact, its hash can be given with the installation that follows. */
export async function planInstallation(input: PlanRequest): Promise<PlannedArtifact> {
  return interactive.planInstallation(input);
}

/** Tests credentials at their provider, before any installation or as they are installed. */
export async function testConnection(input: TestInput): Promise<ConnectionReport> {
  if (input.kind === 'installation') return interactive.testInstallation({ installation: input.installation });
  const { request, submission, connector, environment } = input;
  return interactive.testSubmission({ request, submission, connector, environment });
}
