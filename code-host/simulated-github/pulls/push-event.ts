import { emit } from '../events.ts';
import { diffFiles } from '../git/diff.ts';
import { isAncestor, listCommits, readCommits, type GitCommit } from '../git/commits.ts';
import { typeOf } from '../git/objects.ts';
import { repositoryPage } from '../json/repository-json.ts';
import { noreplyMail } from '../json/user-json.ts';
import type { Account, Repository } from '../state.ts';
import { folderOf, type World } from '../world.ts';

const nothing = '0'.repeat(40);
const mostCommits = 2048;

/** Tells the webhook that a branch or tag moved, came or went. */
export async function emitPush(
  world: World,
  repository: Repository,
  ref: string,
  before: string | undefined,
  after: string | undefined,
  pusher: Account,
): Promise<void> {
  if (world.state.webhook === null) return;
  const folder = folderOf(world, repository);
  const commits = await newCommits(folder, repository, ref, before, after);
  const described = [];
  for (const commit of commits) described.push(await commitPayload(world, repository, commit));
  const known = before !== undefined && (await typeOf(folder, before)) === 'commit';
  const payload = {
    ref,
    before: before ?? nothing,
    after: after ?? nothing,
    pusher: { name: pusher.login, email: noreplyMail(pusher) },
    created: before === undefined,
    deleted: after === undefined,
    forced: known && after !== undefined && !(await isAncestor(folder, before, after)),
    base_ref: null,
    compare: `${repositoryPage(world, repository)}/compare/${(before ?? nothing).slice(0, 12)}...${(after ?? nothing).slice(0, 12)}`,
    commits: described,
    head_commit: described.at(-1) ?? null,
  };
  emit(world, repository, 'push', null, payload, pusher);
}

async function newCommits(
  folder: string,
  repository: Repository,
  ref: string,
  before: string | undefined,
  after: string | undefined,
): Promise<GitCommit[]> {
  if (after === undefined || !ref.startsWith('refs/heads/')) return [];
  const others = Object.entries(repository.refs).filter(([name]) => name !== ref && name.startsWith('refs/heads/'));
  const excluded = before === undefined ? others.map(([, sha]) => `^${sha}`) : [`^${before}`];
  const range = ['--reverse', '--topo-order', `--max-count=${mostCommits}`, after, ...excluded];
  const shas = await listCommits(folder, range);
  return await readCommits(folder, shas);
}

async function commitPayload(world: World, repository: Repository, commit: GitCommit) {
  const files = await diffFiles(folderOf(world, repository), commit.parents[0] ?? null, commit.sha);
  const names = (...statuses: string[]) =>
    files.filter((file) => statuses.includes(file.status)).map((file) => file.filename);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message.replace(/\n+$/, ''),
    timestamp: commit.committer.date,
    url: `${repositoryPage(world, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: names('added', 'copied'),
    removed: names('removed'),
    modified: names('modified', 'changed', 'renamed'),
  };
}
