import { isDeepStrictEqual } from 'node:util';
import type { CodeChange, CodeHostKind, Environment } from '../contract/closed-sets.ts';
import type { PullRequestText } from '../contract/code-host.ts';
import type { Plan, ProjectFacts } from '../contract/codegen.ts';
import type { Contribution, Manifest } from '../contract/connector.ts';
import type { PipelineReport } from '../contract/pipeline.ts';
import { fitText } from './fit-text.ts';
import { code, list, prose, section, table } from './markdown.ts';
import { draftReason } from './peoples-draft.ts';
import { controls } from './pull-request-controls.ts';
import { evidence, isInstalled, packageManagers, stepNames } from './pull-request-evidence.ts';
import { files, manualSteps, nextSteps, notes, untested } from './pull-request-lists.ts';

export interface PullRequestTextInput {
  operation: CodeChange;
  codeHost: CodeHostKind;
  installation: string;
  project: string;
  manifest: Pick<Manifest, 'id' | 'name' | 'version' | 'summary' | 'docs' | 'compatibility'>;
  /** What the app has of it before; null when it has no record of it. */
  before: { version: string; options: Record<string, unknown> } | null;
  options: Record<string, unknown>;
  alias: string;
  environment: Environment;
  facts: Pick<ProjectFacts, 'framework' | 'version' | 'language' | 'router' | 'packageManager' | 'lockFile'>;
  plan: Plan;
  /** null for a removal. */
  contribution: Contribution | null;
  report: PipelineReport;
}

/** What a pull request of each kind does, as a title begins. */
export const verbOf = { install: 'Add', update: 'Update', remove: 'Remove' } as const;

const versioned = { expo: 'Expo SDK', next: 'Next.js' } as const;
const routers = { 'expo-router': 'Expo Router', 'next-app': 'app router', 'next-pages': 'pages router' } as const;

/** Title and Markdown body of a pull request, from data only; a draft while an edit or a proof is missing. */
export function pullRequestText(input: PullRequestTextInput): PullRequestText {
  const { operation, plan, report } = input;
  const unproven = report.steps.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'failed');
  const draft = plan.manual.length > 0 || unproven.length > 0;
  const lists = {
    manual: manualSteps(plan),
    files: files(plan, lockRow(input)),
    notes: notes(plan),
    nextSteps: nextSteps(plan, input.manifest.name),
  };
  const parts = [
    {
      text: draft
        ? whyDraft(
            plan,
            unproven.map(({ step }) => stepNames[step].toLowerCase()),
          )
        : undefined,
    },
    { text: untested(plan) },
    lists.manual,
    { text: section('What and why', whatAndWhy(input)) },
    lists.files,
    { text: section('Values', values(input)) },
    { text: section('On the device', onTheDevice(input)) },
    { text: section('Validation', ...evidence(input)) },
    lists.notes,
    lists.nextSteps,
    { text: section('How to undo', howToUndo(input)) },
    { text: `Plan ${code(plan.planHash)}` },
    { text: section('Controls', controls(input)) },
  ];
  return {
    title: `${verbOf[operation]} ${nameOf(input)} (graft)`,
    // The diff shows the files too; what people have to paste is given up last.
    body: fitText(parts, [lists.files, lists.notes, lists.nextSteps, lists.manual]),
    draft,
    labels: ['graft', `graft:${operation}`, `graft:${input.manifest.id}`],
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
  return `${draftReason} ${reasons.filter(Boolean).join('; ')}.`;
}

function whatAndWhy(input: PullRequestTextInput): string {
  const { operation, manifest, environment, facts } = input;
  if (operation === 'remove') {
    return `Takes ${nameOf(input)} out of the app: what its installation added goes, what was there before comes back, and edits that people made since stay. Values and credentials are withdrawn only after the merge.`;
  }
  if (operation === 'update') return whatChanges(input);
  const router = facts.router === 'none' ? '' : `, ${routers[facts.router]}`;
  const language = facts.language === 'typescript' ? 'TypeScript' : 'JavaScript';
  const app = `${versioned[facts.framework]} ${facts.version}, ${language}${router}`;
  const guide = manifest.compatibility[facts.framework]?.docs ?? manifest.docs;
  return `Adds ${nameOf(input)} to the app, asked for in ${environment}. ${prose(manifest.summary.en)} Planned for ${app}; the provider's guide is at ${guide}.`;
}

function whatChanges(input: PullRequestTextInput): string {
  const { manifest, before, options } = input;
  const rows = before === null ? [] : changedOptions(before.options, options);
  const isNewer = before !== null && before.version !== manifest.version;
  const kept = 'Edits of people in its files are kept; what could not be merged with them is told first.';
  if (rows.length === 0 && !isNewer)
    return `Brings back what is missing of ${nameOf(input)}, which is installed in this app: something took it out of the base since. If that was meant, close this pull request: it does not come again for the same. ${kept}`;
  const version = isNewer
    ? ` Its code comes from version ${code(manifest.version)} of the connector, and was of ${code(before.version)}.`
    : '';
  const changed = table(['Option', 'Was', 'Becomes'], rows);
  const said = `Changes ${nameOf(input)}, which is installed in this app, for every environment that uses it.${version} ${kept}`;
  return rows.length === 0 ? said : `${said}\n\n${changed}`;
}

function changedOptions(before: Record<string, unknown>, after: Record<string, unknown>): string[][] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  const shown = (value: unknown) => (value === undefined ? '' : code(JSON.stringify(value)));
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => [code(name), shown(before[name]), shown(after[name])]);
}

function lockRow({ plan, facts, report }: PullRequestTextInput): string[][] {
  if (!plan.changesLock || facts.lockFile === '' || !isInstalled(report)) return [];
  const by = packageManagers[facts.packageManager];
  return [[code(facts.lockFile), 'edited', `written by ${by} for the packages above`]];
}

function values({ contribution, codeHost, environment, project }: PullRequestTextInput): string | undefined {
  const keys = contribution?.environmentKeys ?? [];
  if (keys.length === 0) return undefined;
  const place = {
    local: { secret: 'env file', public: 'env file' },
    github: { secret: 'Actions secret', public: 'Actions variable' },
  }[codeHost];
  const rows = keys.map(({ key, secret, comment }) => [
    code(key),
    secret ? 'secret, server only' : 'public, built into the app',
    environment,
    secret ? place.secret : place.public,
    prose(comment),
  ]);
  const published = {
    local: `to an env file outside of every repository; ${code(`npm run -s env -- pull ${project} ${environment}`)} writes the app's \`.env.local\` from it`,
    github: `as secrets and variables of GitHub Actions: those of the environment ${code(environment)} where this repository has one, else the repository's`,
  }[codeHost];
  return [
    `Names only: no value is in this pull request, and the app runs without them. After the merge they are published ${published}.`,
    table(['Key', 'Kind', 'Environment', 'Published as', 'What it is'], rows),
    'Another environment adds values only, and needs no other pull request.',
  ].join('\n\n');
}

function onTheDevice({ contribution, report: { nativeBuild } }: PullRequestTextInput): string | undefined {
  const changes = contribution?.nativeChanges ?? [];
  const proof =
    nativeBuild === undefined
      ? '**Expect a new native build**: the tools of the app gave no native fingerprint to tell.'
      : nativeBuild.before === nativeBuild.after
        ? `No new native build is needed: the native fingerprint is unchanged (${short(nativeBuild.after)}).`
        : `**Needs a new native build**: the native fingerprint changes (${short(nativeBuild.before)} → ${short(nativeBuild.after)}), so an update over the air is not enough.`;
  if (changes.length === 0 && nativeBuild === undefined) return undefined;
  return [list(changes.map(prose)), proof].filter((part) => part !== undefined).join('\n\n');
}

function short(fingerprint: string): string {
  return code(fingerprint.slice(0, 10));
}

function howToUndo(input: PullRequestTextInput): string {
  if (input.operation === 'remove') {
    return 'Before the merge: close this pull request, and everything stays installed. After it: install again; reverting the merge brings the code back, but no values.';
  }
  if (input.operation === 'update')
    return `Before the merge: close this pull request, and everything stays as it was. After it: update ${nameOf(input)} again with the options of before; removing it in Graft takes all of it out.`;
  return `Before the merge: close this pull request, and nothing of it stays. After it: remove ${nameOf(input)} in Graft, which opens a pull request that takes out exactly this.`;
}
