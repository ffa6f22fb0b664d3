import { parseArgs } from 'node:util';
import { codeChanges } from '../contract/closed-sets.ts';
import type { PullRequest } from '../contract/code-host.ts';
import { GraftError, messageOf } from '../contract/errors.ts';
import { branchName, isId } from '../contract/ids.ts';
import { createLocalCodeHost } from '../code-host/local/index.ts';
import { listRepositories } from '../code-host/local/repository.ts';
import {
  closeByReviewer,
  commentAsReviewer,
  markReady,
  mergePullRequest,
  readChanges,
  readChecks,
} from '../code-host/local/review.ts';
import { readStack } from './embedded/state.ts';
import { printReview } from './print-review.ts';
import { runCommand } from './run-command.ts';

const usage = `npm run review -- <installation> [--ready] [--merge [--squash]] [--close [why]] [--comment <text>] [--full]

Shows the pull request of an installation on the local code host: text, evidence, checks, files and diff.
  --ready    takes the draft mark away
  --merge    merges it and deletes its branch; --squash makes one commit of it
  --close    declines it; the words after it are kept as a comment
  --comment  says something there; a line such as “/graft retry” (or regenerate, abort) is a command
  --full     shows the whole diff, also of long files

The repositories are those of the running stack, or of the folder in GRAFT_REPOSITORIES.
`;
const say = (text: string) => void process.stdout.write(text);

interface Found {
  root: string;
  repository: string;
  pull: PullRequest;
}

/** A reviewer's work on the local code host: reads, merges, declines. Answers with the exit code. */
async function review(): Promise<number> {
  const { values: options, positionals } = readArguments();
  const [installation, ...words] = positionals;
  if (options.help || installation === undefined) {
    say(usage);
    return options.help ? 0 : 1;
  }
  if (words.length > 0 && !options.close) throw wrong(`“${words.join(' ')}” belongs to no option.`);
  if (options.close && (options.merge || options.ready)) throw wrong('--close goes without --merge and --ready.');
  if (options.squash && !options.merge) throw wrong('--squash goes with --merge.');
  const found = await findPull(process.env.GRAFT_REPOSITORIES ?? readStack().repositories, installation);

  if (options.close) await close(found, words.join(' '));
  if (options.ready) await ready(found);
  if (options.comment !== undefined) await comment(found, options.comment);
  if (options.merge) await merge(found, options.squash ? 'squash' : 'merge');
  const acted = options.close || options.merge || options.ready || options.comment !== undefined;
  if (!acted) await show(found, options.full);
  return 0;
}

function readArguments() {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        merge: flag,
        squash: flag,
        ready: flag,
        close: flag,
        comment: { type: 'string' },
        full: flag,
        help: { ...flag, short: 'h' },
      },
    });
  } catch (cause) {
    throw wrong(messageOf(cause), cause);
  }
}

/** The open pull request of an installation, else its newest. */
async function findPull(root: string, installation: string): Promise<Found> {
  if (!isId('installation', installation)) throw wrong(`“${installation}” is no id of an installation (ins_…).`);
  const host = createLocalCodeHost({ root });
  const all: Found[] = [];
  for (const repository of await listRepositories(root)) {
    for (const operation of codeChanges) {
      const pull = await host.findPullRequest(repository, branchName(operation, installation));
      if (pull !== undefined) all.push({ root, repository, pull });
    }
  }
  const newest = all.toSorted((one, other) => other.pull.number - one.pull.number);
  const found = newest.find(({ pull }) => pull.state === 'open') ?? newest[0];
  if (found !== undefined) return found;
  throw new GraftError(
    'not_found',
    `There is no pull request of ${installation} among the repositories in ${root}. It opens after the validation pipeline.`,
  );
}

async function show({ root, repository, pull }: Found, full: boolean): Promise<void> {
  const merged = pull.state === 'merged';
  const changes = merged ? undefined : await readChanges(root, repository, { head: pull.head, base: pull.base.commit });
  const checks = await readChecks(root, repository, pull.number);
  const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  say(printReview(pull, changes, { repository, checks, colour, linesPerFile: full ? Infinity : 200 }));
}

async function ready({ root, repository, pull }: Found): Promise<void> {
  await markReady(root, repository, pull.number);
  say(`Pull request ${pull.number} is ready for review.\n`);
}

async function comment({ root, repository, pull }: Found, text: string): Promise<void> {
  await commentAsReviewer(root, repository, pull.number, text);
  say(`Said at pull request ${pull.number} of ${repository}.\n`);
}

async function merge({ root, repository, pull }: Found, strategy: 'merge' | 'squash'): Promise<void> {
  if (pull.state === 'merged') return say(`Pull request ${pull.number} was merged before.\n`);
  const { commit } = await mergePullRequest(root, repository, pull.number, { strategy });
  say(`Merged pull request ${pull.number} into ${pull.base.branch} of ${repository} as ${commit.slice(0, 10)}.\n`);
}

async function close({ root, repository, pull }: Found, why: string): Promise<void> {
  const { state } = await closeByReviewer(root, repository, pull.number, why || 'Declined.');
  if (state === 'merged')
    throw new GraftError('already_merged', `Pull request ${pull.number} is merged: remove it instead.`);
  say(`Pull request ${pull.number} of ${repository} is closed.\n`);
}

function wrong(message: string, cause?: unknown): GraftError {
  return new GraftError('invalid_request', `${message}\n\n${usage}`, { cause });
}

await runCommand(review);
