import type { CodeChange, PackageManager } from '../contract/closed-sets.ts';
import type { Plan, ProjectFacts } from '../contract/codegen.ts';
import type { PipelineReport, PipelineStep, StepReport, Verdict } from '../contract/pipeline.ts';
import { code, list, prose, table } from './markdown.ts';

export const stepNames: Record<PipelineStep, string> = {
  dependencies: 'Dependency install',
  types: 'Type check',
  lint: 'ESLint',
  build: 'Build',
  versions: 'Package versions',
  server: 'Server code against a simulated provider',
};
export const packageManagers: Record<PackageManager, string> = {
  npm: 'npm',
  pnpm: 'pnpm',
  yarn1: 'Yarn 1',
  yarn: 'Yarn',
  bun: 'Bun',
  none: 'the package manager',
};
const verdictNames: Record<Verdict, string> = {
  passed: '✅ passed',
  failed: '❌ failed',
  inconclusive: '⚠️ inconclusive',
  skipped: '➖ not run',
};
const sandboxes: Record<PipelineReport['sandbox'], string> = {
  bubblewrap: 'Everything of the app ran in a sandbox (bubblewrap).',
  unshare: 'Everything of the app ran in a sandbox (Linux namespaces).',
  none: 'The app is registered as trusted: its tools ran without a sandbox.',
};

interface Evidence {
  operation: CodeChange;
  facts: Pick<ProjectFacts, 'packageManager' | 'lockFile'>;
  plan: Pick<Plan, 'changesLock' | 'manual'>;
  report: PipelineReport;
}

/** What was run and what came of it, as a table, and what is known of lock file, way back and sandbox. */
export function evidence({ operation, facts, plan, report }: Evidence): readonly (string | undefined)[] {
  const rows = report.steps.map(({ step, verdict, baseline, summary, seconds }) => [
    stepNames[step],
    verdictNames[verdict],
    onBase(verdict, baseline),
    prose(summary),
    verdict === 'skipped' ? '' : seconds.toFixed(1),
  ]);
  const known = [
    `Lock file: ${lockLine(facts, plan, report)}`,
    operation === 'install' ? `Way back: ${wayBack(plan, report)}` : '',
    'A step runs on the untouched base only where it does not pass here: what fails there too is not blamed on this change.',
    sandboxes[report.sandbox],
  ];
  return [table(['Step', 'Verdict', 'Untouched base', 'What was run', 'Seconds'], rows), list(known.filter(Boolean))];
}

function onBase(verdict: Verdict, baseline: StepReport['baseline']): string {
  if (baseline === undefined) return verdict === 'skipped' ? '' : 'not run';
  if (baseline === 'passed') return 'passed';
  return verdict === 'passed' ? 'failed, and not by this change' : 'failed on the base too';
}

/** Did the dependency install succeed, and with it the lock file? */
export function isInstalled({ steps }: PipelineReport): boolean {
  return steps.some(({ step, verdict }) => step === 'dependencies' && verdict === 'passed');
}

function lockLine(
  { lockFile, packageManager }: Evidence['facts'],
  { changesLock }: Evidence['plan'],
  report: PipelineReport,
): string {
  const { lock } = report;
  if (lockFile === '') return 'the app has none and got none, so others may install other versions.';
  if (!changesLock) return `${code(lockFile)} is unchanged.`;
  if (!isInstalled(report))
    return `${code(lockFile)} was **neither written nor checked**: run the install of ${packageManagers[packageManager]} on this branch and push what it writes.`;
  if (lock === undefined) return `${code(lockFile)} was validated as it stands on this branch.`;
  return `${code(lockFile)} was written by ${packageManagers[packageManager]}, then accepted entry by entry: only what the changed packages need, from known registries, with integrity.`;
}

function wayBack({ manual }: Evidence['plan'], { lockRoundTrip }: PipelineReport): string {
  const people = manual.length === 0 ? '' : ' Edits that people make are not part of this proof.';
  if (lockRoundTrip === undefined)
    return `proven for the files above but the lock; they come back byte for byte.${people}`;
  return lockRoundTrip
    ? `proven. Taking the change out again gives every file as it was, byte for byte, lock file included.${people}`
    : `the files above come back byte for byte, but the package manager **will leave a difference in the lock file**.${people}`;
}
