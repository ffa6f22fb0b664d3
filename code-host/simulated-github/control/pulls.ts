import { mergeTrees } from '../git/merge-trees.ts';
import { deleteRef, writeRef } from '../git/refs.ts';
import { addComment } from '../issues/comment.ts';
import { enableAutoMerge, mergeWaiting } from '../pulls/auto-merge.ts';
import { changeDraft, closePull, editPull, reopenPull } from '../pulls/change-state.ts';
import { findPull } from '../pulls/find.ts';
import { finishMerge, mergeCommitOf, mergePull } from '../pulls/merge.ts';
import { settle } from '../pulls/settle.ts';
import { Problem } from '../server/problem.ts';
import type { Account, MergeMethod, Repository } from '../state.ts';
import { accountOf, folderOf, type World } from '../world.ts';
import { repositoryNamed } from './repositories.ts';

/** What a person does with the mouse on a pull request's page. */
export interface PersonInBrowser {
  editBody(repository: string, number: number, body: string): Promise<void>;
  enableAutoMerge(repository: string, number: number, method?: MergeMethod): Promise<void>;
  merge(repository: string, number: number, method?: MergeMethod): Promise<string>;
  close(repository: string, number: number): Promise<void>;
  reopen(repository: string, number: number): Promise<void>;
  markReady(repository: string, number: number): Promise<void>;
  convertToDraft(repository: string, number: number): Promise<void>;
  deleteBranch(repository: string, branch: string): Promise<void>;
  /** Comments on an issue or pull request; gives the id of the comment. */
  comment(repository: string, number: number, text: string): Promise<number>;
}

/** Runs work on a repository in its turn, after looking what was pushed, and keeps what came of it. */
export async function onRepository<T>(
  world: World,
  fullName: string,
  work: (repository: Repository) => Promise<T> | T,
): Promise<T> {
  const repository = repositoryNamed(world, fullName);
  return await world.exclusive(repository, async () => {
    await settle(world, repository, accountOf(world, repository.owner));
    const result = await work(repository);
    await mergeWaiting(world, repository);
    await world.save();
    return result;
  });
}

/** A person at work on pull requests. */
export function personOnPulls(world: World, actor: Account): PersonInBrowser {
  const on = onRepository;
  return {
    editBody: (name, number, text) =>
      on(world, name, async (repository) => {
        await editPull(world, repository, findPull(repository, number), { body: typed(text) }, actor);
      }),
    enableAutoMerge: (name, number, method = 'merge') =>
      on(world, name, (repository) => enableAutoMerge(world, repository, findPull(repository, number), method, actor)),
    merge: (name, number, method = 'merge') =>
      on(world, name, (repository) => mergePull(world, repository, findPull(repository, number), { method }, actor)),
    close: (name, number) =>
      on(world, name, (repository) => closePull(world, repository, findPull(repository, number), actor)),
    reopen: (name, number) =>
      on(world, name, (repository) => reopenPull(world, repository, findPull(repository, number), actor)),
    markReady: (name, number) =>
      on(world, name, (repository) => changeDraft(world, repository, findPull(repository, number), false, actor)),
    convertToDraft: (name, number) =>
      on(world, name, (repository) => changeDraft(world, repository, findPull(repository, number), true, actor)),
    comment: (name, number, text) =>
      on(world, name, (repository) => {
        const issue = repository.issues.find((one) => one.number === number);
        if (issue === undefined) throw new Error(`${name} has no issue ${number}.`);
        return addComment(world, repository, issue, { body: typed(text), actor, app: null }).id;
      }),
    deleteBranch: (name, branch) =>
      on(world, name, async (repository) => {
        await deleteRef(folderOf(world, repository), `refs/heads/${branch}`);
        await settle(world, repository, actor);
      }),
  };
}

// A browser sends what is typed into a form with these line ends, and GitHub keeps them.
function typed(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** Merges as a merge queue does: a branch of its own for the checks, then the base moves onto it. */
export async function mergeThroughQueue(world: World, repository: Repository, number: number): Promise<string> {
  const issue = findPull(repository, number);
  const { pull } = issue;
  const base = repository.refs[`refs/heads/${pull.base.ref}`];
  const folder = folderOf(world, repository);
  const tree =
    base && issue.state === 'open' && !pull.draft ? await mergeTrees(folder, base, pull.head.sha) : undefined;
  if (base === undefined || tree === undefined) throw new Problem(405, 'Pull Request is not mergeable');
  const queue = queueAccount(world);
  const commit = await mergeCommitOf(world, repository, issue, { base, tree }, queue);
  const ref = `refs/heads/gh-readonly-queue/${pull.base.ref}/pr-${number}-${base}`;
  await writeRef(folder, ref, commit);
  await settle(world, repository, queue);
  await finishMerge(world, repository, issue, { commit, base }, queue);
  await deleteRef(folder, ref);
  if (repository.deleteBranchOnMerge) await deleteRef(folder, `refs/heads/${pull.head.ref}`);
  await settle(world, repository, queue);
  return commit;
}

function queueAccount(world: World): Account {
  const login = 'github-merge-queue[bot]';
  const known = world.state.accounts.find((account) => account.login === login);
  if (known) return known;
  const account: Account = { id: 118_344_674, login, type: 'Bot', createdAt: '2022-11-15T18:33:14Z' };
  world.state.accounts.push(account);
  return account;
}
