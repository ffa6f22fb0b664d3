import { fileDiff, unifiedDiff } from '../codegen/diff.ts';
import type { PackageManager } from '../contract/closed-sets.ts';
import type { Plan, ProjectFacts, Snapshot } from '../contract/codegen.ts';
import { type ErrorCode, type FieldFault, GraftError, messageOf } from '../contract/errors.ts';
import type { PlanAsked } from './choose-connectors.ts';

export interface PlanReport {
  exitCode: 0 | 1 | 2;
  /** For people. */
  text: string;
  /** For programs. */
  data: { status: Plan['status'] | 'update' | 'refused'; [name: string]: unknown };
}

interface Around {
  asked: PlanAsked;
  /** The planned files as they were. */
  before: Snapshot;
  facts: ProjectFacts;
  /** All that is planned is in the app already, in another form. */
  isUpdate: boolean;
  color: boolean;
}

const installCommands: Record<PackageManager, string> = {
  npm: 'npm install',
  pnpm: 'pnpm install',
  yarn1: 'yarn install',
  yarn: 'yarn install',
  bun: 'bun install',
  none: 'npm install',
};

/** A plan for people and for programs; the paths in it are relative to the app's folder. */
export function reportPlan(plan: Plan, around: Around): PlanReport {
  const { planHash, manual, notes, nextSteps } = plan;
  const files = plan.files.map((file) => ({
    path: file.path,
    change: file.change,
    diff: fileDiff(around.before, file),
  }));
  const status = plan.status === 'planned' && around.isUpdate ? 'update' : plan.status;
  const command = installCommand(plan, around.facts);
  return {
    exitCode: status === 'manual' ? 2 : 0,
    text: printPlan(plan, around, command),
    data: { status, planHash, files, manual, notes, nextSteps, ...(command === undefined ? {} : { command }) },
  };
}

/** What could not be planned, and why. A defect of ours says so, without its stack. */
export function refusalReport(error: unknown): PlanReport {
  const known = error instanceof GraftError;
  const code: ErrorCode = known ? error.code : 'internal';
  const message = known ? error.message : `Something in Graft went wrong: ${messageOf(error)}`;
  const fields: readonly FieldFault[] = known ? error.fields : [];
  const refusal = { code, message, ...(fields.length === 0 ? {} : { fields }) };
  return {
    exitCode: 1,
    text: `${message}\n`,
    data: { status: 'refused', planHash: null, files: [], manual: [], notes: [], nextSteps: [], error: refusal },
  };
}

function printPlan(plan: Plan, { asked, before, isUpdate, color }: Around, command: string | undefined): string {
  const changes = { add: 'added  ', edit: 'edited ', delete: 'deleted' } as const;
  const parts: string[] = [];
  if (plan.status === 'nothing')
    parts.push(
      `Nothing to do: ${asked.names.join(', ')} ${asked.remove ? 'is not in the app' : 'is in the app as asked'}.\n`,
    );
  if (plan.files.length > 0) {
    if (isUpdate) parts.push(`Update of ${asked.names.join(', ')}, in the app already.\n`);
    if (asked.write) parts.push(plan.files.map(({ path, change }) => `${changes[change]} ${path}\n`).join(''));
    else {
      const diff = unifiedDiff(before, plan.files);
      parts.push(color ? colored(diff) : diff);
    }
  }
  for (const { file, reason, snippet } of plan.manual)
    parts.push(`Needs a person: ${file}: ${reason}. Paste:\n\n${indented(snippet)}\n`);
  if (plan.notes.length > 0) parts.push(plan.notes.map((note) => `Note: ${note}\n`).join(''));
  if (command !== undefined) parts.push(`${asked.write ? 'Now' : 'After it is written'}: ${command}\n`);
  if (plan.nextSteps.length > 0 && plan.status !== 'nothing') {
    const steps = plan.nextSteps.map(
      ({ text, snippet }) => `- ${text.en}\n${snippet === undefined ? '' : `\n${indented(snippet)}\n`}`,
    );
    parts.push(`Next:\n${steps.join('')}`);
  }
  return parts.join('\n');
}

/** The lock file is the package manager's. */
function installCommand(plan: Plan, facts: ProjectFacts): string | undefined {
  return plan.files.some(({ path }) => path === 'package.json') ? installCommands[facts.packageManager] : undefined;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '\n' : `    ${line}\n`))
    .join('');
}

function colored(diff: string): string {
  const colors: readonly [RegExp, number][] = [
    [/^(?:diff|---|\+\+\+|new|deleted)/, 1],
    [/^@@/, 36],
    [/^\+/, 32],
    [/^-/, 31],
  ];
  return diff
    .split('\n')
    .map((line) => {
      const color = colors.find(([start]) => start.test(line))?.[1];
      return color === undefined ? line : `\u001B[${color}m${line}\u001B[0m`;
    })
    .join('\n');
}
