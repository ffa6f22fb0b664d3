import { mkdir } from 'node:fs/promises';
import { git } from '../../git.ts';
import { writeBlob } from '../git/objects.ts';
import { writeRef } from '../git/refs.ts';
import { writeTree } from '../git/trees.ts';
import { writeCommit } from '../git/write-commit.ts';
import { signatureOf } from '../server/actor.ts';
import type { MergeMethod, Repository, Role } from '../state.ts';
import { newVault } from '../vault.ts';
import { accountOf, findRepository, folderOf, newId, timeOf, type World } from '../world.ts';
import { addAccount } from './people.ts';

export interface NewRepository {
  owner: string;
  name: string;
  private?: boolean;
  defaultBranch?: string;
  /** Text files of a first commit; without it the repository is empty. */
  files?: Readonly<Record<string, string>>;
}

/** What can be set about a repository. */
export interface RepositorySettings {
  private?: boolean;
  archived?: boolean;
  defaultBranch?: string;
  allow?: Partial<Record<MergeMethod, boolean>>;
  allowAutoMerge?: boolean;
  drafts?: boolean;
  deleteBranchOnMerge?: boolean;
}

/** Makes a repository and its bare git repository; gives the folder of the latter. */
export async function createRepository(world: World, wish: NewRepository): Promise<string> {
  const { owner, name, defaultBranch = 'main' } = wish;
  if (findRepository(world, owner, name)) throw new Error(`The simulated GitHub already has ${owner}/${name}.`);
  addAccount(world, owner);
  const now = timeOf(world);
  const repository: Repository = {
    id: newId(world),
    owner: accountOf(world, owner).login,
    name,
    private: wish.private ?? false,
    archived: false,
    defaultBranch,
    createdAt: now,
    pushedAt: now,
    roles: {},
    allow: { merge: true, squash: true, rebase: true },
    allowAutoMerge: false,
    drafts: true,
    deleteBranchOnMerge: false,
    refs: {},
    nextNumber: 1,
    issues: [],
    comments: [],
    labels: [],
    checkRuns: [],
    statuses: [],
    vault: await newVault(world),
    environments: [],
  };
  const folder = folderOf(world, repository);
  await mkdir(folder, { recursive: true });
  await git(folder, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  const settings = {
    'http.receivepack': 'true',
    // People may fetch the heads of pull requests, and push to none of them.
    'receive.hideRefs': 'refs/pull',
    'uploadpack.allowAnySHA1InWant': 'true',
  };
  for (const [key, value] of Object.entries(settings)) await git(folder, ['config', key, value]);
  world.state.repositories.push(repository);
  if (wish.files) await firstCommit(world, repository, wish.files);
  await world.save();
  return folder;
}

/** A repository by `owner/name`; throws when there is none. */
export function repositoryNamed(world: World, fullName: string): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const repository = findRepository(world, owner, name);
  if (repository === undefined) throw new Error(`The simulated GitHub has no repository ${fullName}.`);
  return repository;
}

/** Deletes a repository with all that belongs to it; its git folder stays, which nobody reaches. */
export function deleteRepository(world: World, fullName: string): void {
  const repository = repositoryNamed(world, fullName);
  world.state.repositories = world.state.repositories.filter((one) => one !== repository);
}

/** Gives a person a role in a repository, or takes it away. */
export function setPermission(world: World, fullName: string, login: string, role: Role | null): void {
  const repository = repositoryNamed(world, fullName);
  const { login: exact } = accountOf(world, login);
  if (role === null) delete repository.roles[exact];
  else repository.roles[exact] = role;
}

/** Changes what an administrator sets on the settings page. */
export async function configure(world: World, fullName: string, settings: RepositorySettings): Promise<void> {
  const repository = repositoryNamed(world, fullName);
  const { allow, ...rest } = settings;
  Object.assign(repository, rest);
  Object.assign(repository.allow, allow);
  if (settings.defaultBranch !== undefined) {
    await git(folderOf(world, repository), ['symbolic-ref', 'HEAD', `refs/heads/${settings.defaultBranch}`]);
  }
}

async function firstCommit(
  world: World,
  repository: Repository,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = folderOf(world, repository);
  const changes = [];
  for (const [path, text] of Object.entries(files)) {
    changes.push({ path, kind: 'blob', mode: '100644', sha: await writeBlob(folder, Buffer.from(text)) } as const);
  }
  const signature = signatureOf(world, accountOf(world, repository.owner));
  const commit = await writeCommit(world, folder, {
    tree: await writeTree(folder, undefined, changes),
    parents: [],
    author: signature,
    committer: signature,
    message: 'Initial commit\n',
    signed: false,
  });
  const ref = `refs/heads/${repository.defaultBranch}`;
  await writeRef(folder, ref, commit);
  repository.refs = { [ref]: commit };
}
