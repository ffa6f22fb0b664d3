import path from 'node:path';
import type { Plan } from '../contract/codegen.ts';
import type { NextStep } from '../contract/connector.ts';
import { type TextPart, firstThatFit } from './fit-text.ts';
import { code, fence, list, prose, section, table } from './markdown.ts';

// Characters of what stays of a list that is too long for a pull request; together they leave room for all the rest.
const room = { files: 10_000, notes: 4_000, nextSteps: 8_000, manual: 20_000 };
const changeNames = { add: 'new', edit: 'edited', delete: 'deleted' } as const;

/** The edits that only people can make, with what to paste. */
export function manualSteps({ manual }: Plan): TextPart {
  const heads = manual.map(({ file, reason }, at) => `**${at + 1}. ${code(file)}**: ${prose(reason)}`);
  const blocks = manual.map(
    ({ file, snippet }, at) => `${heads[at]}\n\n${fence(snippet, path.extname(file).slice(1))}`,
  );
  const push =
    manual.length === 0 ? undefined : 'Push it to this branch: every new commit is read and validated again.';
  const elsewhere = '_What to paste is too long for this text: Graft shows it with the plan of this installation._';
  const under = (parts: readonly string[]) => section('To be done by a person first', ...parts, push);
  const { kept, left } = firstThatFit(heads, room.manual);
  return { text: under(blocks), short: under([...kept, ...more(left, 'edits'), elsewhere]) };
}

/** Files with reasons; each of `further` is a row of its own. */
export function files({ files: planned }: Plan, further: readonly (readonly string[])[]): TextPart {
  const rows = [
    ...planned.map(({ path: file, change, reason }) => [code(file), changeNames[change], prose(reason)]),
    ...further,
  ];
  const under = (shown: readonly (readonly string[])[], ...rest: readonly string[]) =>
    section('Files', table(['File', 'Change', 'Why'], shown), ...rest);
  const { kept, left } = firstThatFit(
    rows.map((row) => row.join('')),
    room.files,
  );
  return { text: under(rows), short: under(rows.slice(0, kept.length), ...more(left, 'files')) };
}

export function notes(plan: Plan): TextPart {
  return listed('Good to know', plan.notes.map(prose), room.notes);
}

/** What people do afterwards, at the provider named, too. */
export function nextSteps(plan: Plan, provider: string): TextPart {
  const steps = plan.nextSteps.filter(({ kind }) => kind !== 'untested');
  return listed(
    'Left for a person',
    steps.map((step) => nextStep(step, provider)),
    room.nextSteps,
  );
}

/** What stands before all else: that nobody tested the connector with the app's SDK. */
export function untested({ nextSteps }: Plan): string | undefined {
  const text = nextSteps.find(({ kind }) => kind === 'untested')?.text;
  return text && `> **Untested SDK:** ${prose(text.en)}`;
}

function nextStep({ kind, text, snippet }: NextStep, provider: string): string {
  const label = {
    untested: 'Untested',
    build: 'Build',
    values: 'Values',
    use: 'See it working',
    provider: `At ${provider}`,
  }[kind];
  const shown = snippet === undefined ? '' : `\n\n${fence(snippet, '').replace(/^/gm, '  ')}`;
  return `**${label}**: ${prose(text.en)}${shown}`;
}

function listed(heading: string, items: readonly string[], characters: number): TextPart {
  const { kept, left } = firstThatFit(items, characters);
  return { text: section(heading, list(items)), short: section(heading, list(kept), ...more(left, 'lines')) };
}

function more(left: number, what: string): string[] {
  return left === 0 ? [] : [`_… and ${left} more ${what}, left out as this text would be too long._`];
}
