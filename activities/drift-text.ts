import type { Environment } from '../contract/closed-sets.ts';
import type { BaseHead } from '../contract/code-host.ts';
import type { Finding } from '../contract/codegen.ts';
import { code, list, prose, section, table } from './markdown.ts';

export interface DriftTextInput {
  /** The connector's name for people. */
  name: string;
  alias: string;
  appDir: string;
  /** Where it is active: all of them share this code. */
  environments: readonly Environment[];
  missing: readonly Finding[];
  /** Where it was found missing. */
  base: Pick<BaseHead, 'branch' | 'commit'>;
  /** Newest commit that was seen with nothing missing, null when there was none. */
  heldAt: string | null;
}

/** Title and Markdown body of the issue that tells what is missing of an installed connector, from data only. */
export function driftText(input: DriftTextInput): { title: string; body: string } {
  const { alias, appDir, base, environments, missing } = input;
  const name = alias === '' ? input.name : `${input.name} “${alias}”`;
  const app = appDir === '' ? 'this app' : `the app in ${code(appDir)}`;
  const rows = missing.map(({ file, what }) => [code(file), prose(what)]);
  const body = [
    `Graft installed ${name} in ${app}, where it is active in ${environments.join(' and ')}. On ${code(base.branch)}, at ${code(base.commit)}, something that it needs is missing. Edits of your own that leave it working do not count.`,
    section('Missing', table(['File', 'What'], rows)),
    section('Since when', sinceWhen(input)),
    section('What to do', list(waysOut(name))),
    'Graft closes this issue when nothing is missing any more, and rewrites it when something else is.',
  ];
  return {
    title: `${name}${appDir === '' ? '' : ` in ${appDir}`}: part of what was installed is missing (graft)`,
    body: `${body.filter((part) => part !== undefined).join('\n\n')}\n`,
  };
}

function waysOut(name: string): string[] {
  return [
    '**If it was not meant**: revert the commit that took it out, or write it back by hand.',
    `**To have Graft write it again**: update ${name} in Graft with the options that it has (${code('PATCH')} its installation), which opens a pull request with just what is missing.`,
    `**If it was meant**: remove ${name} in Graft, so that its values are withdrawn and its credentials destroyed as well.`,
  ];
}

function sinceWhen({ base, heldAt, missing }: DriftTextInput): string {
  if (heldAt === null) return `It was missing already when this was first looked at, at ${code(base.commit)}.`;
  const files = [...new Set(missing.map(({ file }) => `'${file.replaceAll("'", String.raw`'\''`)}'`))].join(' ');
  const log = `git log ${heldAt}..${base.commit} -- ${files}`;
  return `All of it was there at ${code(heldAt)}. What changed these files since: ${code(log)}`;
}
