import { styleText } from 'node:util';
import type { PullRequest } from '../contract/code-host.ts';
import type { LocalChecks, PullRequestChanges } from '../code-host/local/review.ts';

const changeMarks = { add: '+', edit: '~', delete: '-' } as const;

/** A pull request as a reviewer reads it in a terminal: title, state, text with its evidence, checks, files and diff; without changes once merged, and where they were not asked for. */
export function printReview(
  pull: PullRequest,
  changes: PullRequestChanges | undefined,
  {
    repository,
    checks,
    colour,
    linesPerFile,
  }: { repository: string; checks: LocalChecks | undefined; colour: boolean; linesPerFile: number },
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const lines = [
    paint('bold', `#${pull.number} ${visible(pull.title)}`),
    paint('dim', `${stateOf(pull)} · ${visible(pull.branch)} into ${visible(pull.base.branch)} of ${repository}`),
    '',
    visible(pull.body.trimEnd()),
    '',
    ...(checks === undefined ? [] : [paint('bold', checksTitle(pull, checks)), ...checks.steps.map(checkLine), '']),
  ];
  if (changes === undefined) return `${lines.join('\n')}\n`;
  const { files, diff } = changes;
  lines.push(
    paint('bold', `${files.length} ${files.length === 1 ? 'file' : 'files'}`),
    ...files.map(({ path, change }) => `  ${changeMarks[change]} ${visible(path)}`),
    '',
  );
  for (const part of diff.split(/^(?=diff --git )/m).filter(Boolean)) {
    const all = visible(part.trimEnd()).split('\n');
    const shown = all.slice(0, linesPerFile);
    lines.push(...shown.map((line) => paintDiff(line, paint)));
    if (shown.length < all.length)
      lines.push(paint('dim', `… ${all.length - shown.length} more lines; --full shows them`));
  }
  return `${lines.join('\n')}\n`;
}

function checksTitle({ head }: PullRequest, { commit }: LocalChecks): string {
  return `Checks of ${visible(commit.slice(0, 10))}${commit === head ? '' : ', not of the newest commit'}`;
}

function checkLine({ name, verdict, summary }: LocalChecks['steps'][number]): string {
  return `  ${visible(verdict.padEnd(12))} ${visible(name)}: ${visible(summary)}`;
}

function stateOf({ state, draft, mergeable, base }: PullRequest): string {
  if (state !== 'open') return state;
  const merges = mergeable ? `merges cleanly into ${visible(base.branch)}` : `conflicts with ${visible(base.branch)}`;
  return `${draft ? 'draft' : 'open'}, ${merges}`;
}

function paintDiff(line: string, paint: (style: Parameters<typeof styleText>[0], text: string) => string): string {
  if (line.startsWith('diff --git ')) return paint('bold', line);
  if (/^(?:index|new file|deleted file|old mode|new mode|--- |\+\+\+ )/.test(line)) return paint('dim', line);
  if (line.startsWith('@@')) return paint('cyan', line);
  if (line.startsWith('+')) return paint('green', line);
  if (line.startsWith('-')) return paint('red', line);
  return line;
}

/** What a terminal would obey is shown instead: the text of a repository is anybody's. */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is meant
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return character === '\r' ? '␍' : `\\u${code}`;
  });
}
