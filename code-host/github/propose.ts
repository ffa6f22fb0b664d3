import type { PullRequest, PullRequestText, PullRequestUpdate } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { readDefaultBranch } from './base.ts';
import type { GithubRepository } from './client.ts';
import { isAnswer } from './errors.ts';
import { addLabels } from './labels.ts';
import { type GithubPull, describeOpened, findNumber, getPull, readGithubPull } from './pull-request.ts';
import { bodyOf, commentOnGithub } from './comments.ts';
import { branchRef } from '../git-names.ts';
import { asOwnText, replaceOwnText } from './own-text.ts';
import { keepTicks } from './tick-boxes.ts';

// A private repository of a free plan has none; for the second of these GitHub was asked to make one of a pull request.
const noDrafts = /draft pull requests are not supported|permission to convert the pull request/i;

/**
 * Opens a pull request of a branch into the base, or gives the open one, or the merged one when nothing is left to merge.
 * Where a repository has no drafts it is opened ready. Throws `code_host_refused` when there is no such branch, or nothing
 * on it.
 */
export async function openGithubPull(
  repository: GithubRepository,
  branch: string,
  text: PullRequestText,
): Promise<PullRequest> {
  branchRef(branch);
  const base = await readDefaultBranch(repository);
  const { octokit, at } = repository;
  const { title, draft, labels } = text;
  const body = asOwnText(text.body);
  const post = async (asDraft: boolean): Promise<GithubPull> => {
    const wanted = { title, body, draft: asDraft, base, head: branch };
    return (await octokit.request('POST /repos/{owner}/{repo}/pulls', { ...at, ...wanted })).data;
  };
  let opened: GithubPull;
  // GitHub refuses a second open one of a branch, so asking for it is also the look for the first.
  try {
    opened = await post(draft).catch(async (error: unknown) => {
      if (!draft || !isAnswer(error, 422, noDrafts)) throw error;
      return await post(false);
    });
  } catch (error) {
    return await whyNotOpened(repository, { branch, base, labels }, error);
  }
  await addLabels(repository, opened.number, labels);
  return await describeOpened(repository, { ...opened, labels: labels.map((name) => ({ name })) });
}

async function whyNotOpened(
  repository: GithubRepository,
  { branch, base, labels }: { branch: string; base: string; labels: readonly string[] },
  error: unknown,
): Promise<PullRequest> {
  if (isAnswer(error, 422, /pull request already exists/i)) {
    const found = await findNumber(repository, branch);
    if (found?.isOpen === true) return await withLabels(repository, found.number, labels);
    const message = `GitHub says that ${branch} has a pull request, and does not show it yet: it is read again.`;
    throw new GraftError('unavailable', message, { cause: error, retryAfterSeconds: 2 });
  }
  if (isAnswer(error, 422, /no commits between/i)) {
    const found = await findNumber(repository, branch);
    const before = found && (await readGithubPull(repository, found.number));
    if (before?.state === 'merged') return before;
    throw new GraftError('code_host_refused', `The branch ${branch} has nothing that ${base} lacks.`, { cause: error });
  }
  if (isAnswer(error, 422, /\bhead\b/)) {
    const message = `There is no branch ${branch} to open a pull request for.`;
    throw new GraftError('code_host_refused', message, { cause: error });
  }
  throw error;
}

/** What an earlier try opened may lack its labels. */
async function withLabels(
  repository: GithubRepository,
  number: number,
  labels: readonly string[],
): Promise<PullRequest> {
  await addLabels(repository, number, missingLabels(await getPull(repository, number), labels));
  return await readGithubPull(repository, number);
}

/**
 * Changes what differs of our part of the text of a pull request, not its title; labels are only added, ticks that nobody
 * answered stay.
 */
export async function updateGithubPull(
  repository: GithubRepository,
  number: number,
  { body, draft, labels }: PullRequestUpdate,
): Promise<void> {
  const { octokit, at } = repository;
  const pull = await getPull(repository, number);
  const isDraft = pull.draft ?? false;
  // The text tells whose draft it is, so a draft of ours never stands without the text that says so.
  if (isDraft && !draft) await setDraft(repository, pull, false);
  const before = bodyOf(pull);
  const written = replaceOwnText(before, keepTicks(before, body));
  if (before !== written) {
    const next = { pull_number: number, body: written };
    await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, ...next });
  }
  await addLabels(repository, number, missingLabels(pull, labels));
  if (draft && !isDraft) await setDraft(repository, pull, true);
}

/** Closes an open pull request with a comment; one that is merged or closed already stays as it is. */
export async function closeGithubPull(
  repository: GithubRepository,
  number: number,
  comment: string,
): Promise<PullRequest> {
  const { octokit, at } = repository;
  if ((await getPull(repository, number)).state === 'open') {
    await commentOnGithub(repository, number, 'closed', comment);
    await octokit
      .request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, pull_number: number, state: 'closed' })
      .catch((error: unknown) => {
        // Merged in between, which the reading tells.
        if (!isAnswer(error, 422)) throw error;
      });
  }
  const now = await readGithubPull(repository, number);
  if (now.state !== 'open') return now;
  throw new GraftError('unavailable', `GitHub still shows pull request ${number} as open: it is closed again.`, {
    retryAfterSeconds: 2,
  });
}

function missingLabels({ labels }: GithubPull, wanted: readonly string[]): readonly string[] {
  return wanted.filter((label) => labels.every(({ name }) => name !== label));
}

/** GitHub's REST interface cannot. Where there are no drafts, or it is closed by now, it stays as it is. */
async function setDraft(repository: GithubRepository, { number, node_id: id }: GithubPull, draft: boolean) {
  const mutation = draft ? 'convertPullRequestToDraft' : 'markPullRequestReadyForReview';
  const query = `mutation ($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`;
  try {
    await repository.octokit.graphql(query, { id });
  } catch (error) {
    if (!(error instanceof GraftError) || error.code !== 'code_host_refused') throw error;
    if (draft && noDrafts.test(String(error.details['said']))) return;
    if ((await getPull(repository, number)).state === 'open') throw error;
  }
}
