import type { ChangedFile } from '../git/diff.ts';
import type { GitCommit, Signature } from '../git/commits.ts';
import { verificationOf } from '../git/write-commit.ts';
import type { Account, Repository } from '../state.ts';
import type { World } from '../world.ts';
import { nodeId } from './node-id.ts';
import { repositoryPage, repositoryUrl } from './repository-json.ts';
import { noreplyMail, userJson } from './user-json.ts';

/** Whose name GitHub commits under in the web interface. */
const webFlow: Account = { id: 19_864_447, login: 'web-flow', type: 'User', createdAt: '2016-06-10T00:00:00Z' };

const person = ({ name, email, date }: Signature) => ({ name, email, date });

/** A `git-commit`: the commit object. */
export function gitCommitJson(world: World, repository: Repository, commit: GitCommit) {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('C', `${repository.id}:${commit.sha}`),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message.replace(/\n+$/, ''),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: verificationOf(world, commit),
  };
}

/** A `commit`: the commit object and the accounts behind it. */
export function commitJson(world: World, repository: Repository, commit: GitCommit) {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const author = accountOfSignature(world, commit.author);
  const committer = accountOfSignature(world, commit.committer);
  return {
    sha: commit.sha,
    node_id: nodeId('C', `${repository.id}:${commit.sha}`),
    commit: {
      author: person(commit.author),
      committer: person(commit.committer),
      message: commit.message.replace(/\n+$/, ''),
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: verificationOf(world, commit),
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: author ? userJson(world, author) : null,
    committer: committer ? userJson(world, committer) : null,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
  };
}

/** A `diff-entry`. */
export function fileJson(world: World, repository: Repository, file: ChangedFile, commit: string) {
  const url = repositoryUrl(world, repository);
  const page = repositoryPage(world, repository);
  const path = file.filename.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${commit}/${path}`,
    raw_url: `${page}/raw/${commit}/${path}`,
    contents_url: `${url}/contents/${path}?ref=${commit}`,
    ...(file.patch !== null && { patch: file.patch }),
    ...(file.previous !== null && { previous_filename: file.previous }),
  };
}

/** The account whose noreply address a commit carries; other addresses belong to nobody here. */
function accountOfSignature(world: World, { email }: Signature): Account | undefined {
  if (email === 'noreply@github.com') return webFlow;
  const bots = world.state.apps.map((app) => app.bot);
  return [...world.state.accounts, ...bots].find((account) => noreplyMail(account) === email);
}
