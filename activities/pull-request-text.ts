import path from 'node:path';
import type { Environment } from '../contract/closed-sets.ts';
import type { PullRequestText } from '../contract/code-host.ts';
import type { Plan, ProjectFacts } from '../contract/codegen.ts';
import type { Contribution, Manifest, NextStep } from '../contract/connector.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { code, fence, list, prose, section, table } from './markdown.ts';
import { evidence, isInstalled, packageManagers, stepNames } from './pull-request-evidence.ts';

export interface PullRequestTextInput {
  operation: 'install' | 'remove';
  manifest: Pick<Manifest, 'name' | 'summary' | 'docs'>;
  alias: string;
  environment: Environment;
  facts: Pick<ProjectFacts, 'framework' | 'version' | 'language' | 'router' | 'packageManager' | 'lockFile'>;
  plan: Plan;
  /** null for a removal. */
  contribution: Contribution | null;
  report: PipelineReport;
}

const changeNames = { add: 'new', edit: 'edited', delete: 'deleted' } as const;
const frameworkNames = { expo: 'Expo SDK', next: 'Next.js' } as const;

/** Title and Markdown body of a pull request, from data only; a draft while an edit or a proof is missing. */
export function pullRequestText(input: PullRequestTextInput): PullRequestText {
  const { operation, plan, report } = input;
  const unproven = report.steps.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'failed');
  const draft = plan.manual.length > 0 || unproven.length > 0;
  const body = [
    draft
      ? whyDraft(
          plan,
          unproven.map(({ step }) => stepNames[step].toLowerCase()),
        )
      : undefined,
    manualSteps(plan),
    section('What and why', whatAndWhy(input)),
    section('Files', files(input)),
    section('Values', values(input)),
    section('On the device', nativeChanges(input)),
    section('Validation', ...evidence(input)),
    section('Good to know', list(plan.notes.map(prose))),
    section('Left for a person', list(plan.nextSteps.map((step) => nextStep(step, input.manifest.name)))),
    section('How to undo', howToUndo(input)),
    `Plan ${code(plan.planHash)}`,
  ];
  return {
    title: `${operation === 'install' ? 'Add' : 'Remove'} ${nameOf(input)} (graft)`,
    body: `${body.filter((part) => part !== undefined).join('\n\n')}\n`,
    draft,
    labels: ['graft', operation === 'install' ? 'graft:install' : 'graft:remove'],
  };
}

function nameOf({ manifest, alias }: PullRequestTextInput): string {
  return alias === '' ? manifest.name : `${manifest.name} “${alias}”`;
}

function whyDraft({ manual }: Plan, unproven: readonly string[]): string {
  const reasons = [
    manual.length === 0
      ? ''
      : `${manual.length === 1 ? 'one edit' : `${manual.length} edits`} must be made by a person`,
    unproven.length === 0 ? '' : `not proven: ${unproven.join(', ')} (see Validation)`,
  ];
  return `> **This is a draft:** ${reasons.filter(Boolean).join('; ')}.`;
}

function manualSteps({ manual }: Plan): string | undefined {
  return section(
    'To be done by a person first',
    ...manual.map(
      ({ file, reason, snippet }, at) =>
        `**${at + 1}. ${code(file)}**: ${prose(reason)}\n\n${fence(snippet, path.extname(file).slice(1))}`,
    ),
    manual.length === 0 ? undefined : 'Push it to this branch: every new commit is read and validated again.',
  );
}

function whatAndWhy(input: PullRequestTextInput): string {
  const { operation, manifest, environment, facts } = input;
  if (operation === 'remove') {
    return `Takes ${nameOf(input)} out of the app: what its installation added goes, what was there before comes back, and edits that people made since stay. Values and credentials are withdrawn only after the merge.`;
  }
  const router = facts.router === 'none' ? '' : `, ${facts.router}`;
  const language = facts.language === 'typescript' ? 'TypeScript' : 'JavaScript';
  const app = `${frameworkNames[facts.framework]} ${facts.version}, ${language}${router}`;
  return `Adds ${nameOf(input)} to the app, asked for in ${environment}. ${prose(manifest.summary.en)} Planned for ${app}; the provider's guide is at ${manifest.docs}.`;
}

function files({ plan, facts, report }: PullRequestTextInput): string | undefined {
  const rows = plan.files.map(({ path: file, change, reason }) => [code(file), changeNames[change], prose(reason)]);
  if (plan.changesLock && facts.lockFile !== '' && isInstalled(report)) {
    const by = packageManagers[facts.packageManager];
    rows.push([code(facts.lockFile), 'edited', `written by ${by} for the packages above`]);
  }
  return table(['File', 'Change', 'Why'], rows);
}

function values({ contribution, environment }: PullRequestTextInput): string | undefined {
  const keys = contribution?.environmentKeys ?? [];
  if (keys.length === 0) return undefined;
  const rows = keys.map(({ key, secret, comment }) => [
    code(key),
    secret ? 'secret, server only' : 'public, built into the app',
    environment,
    prose(comment),
  ]);
  const promise =
    'Names only: no value is in this pull request, and the app runs without them. They are published after the merge.';
  return [promise, table(['Key', 'Kind', 'Environment', 'What it is'], rows)].join('\n\n');
}

function nativeChanges({ contribution }: PullRequestTextInput): string | undefined {
  const changes = contribution?.nativeChanges ?? [];
  if (changes.length === 0) return undefined;
  return [list(changes.map(prose)), '**Needs a new native build**: an update over the air is not enough.'].join('\n\n');
}

function nextStep({ kind, text, snippet }: NextStep, name: string): string {
  const label = { build: 'Build', values: 'Values', use: 'See it working', provider: `At ${name}` }[kind];
  const shown = snippet === undefined ? '' : `\n\n${fence(snippet, '').replace(/^/gm, '  ')}`;
  return `**${label}**: ${prose(text.en)}${shown}`;
}

function howToUndo(input: PullRequestTextInput): string {
  if (input.operation === 'remove') {
    return 'Before the merge: close this pull request, and everything stays installed. After it: install again; reverting the merge brings the code back, but no values.';
  }
  return `Before the merge: close this pull request, and nothing of it stays. After it: remove ${nameOf(input)} in Graft, which opens a pull request that takes out exactly this.`;
}
