import { pathToFileURL } from 'node:url';
import type { CodeHost, PullRequest } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { listBranches, readBase } from './base.ts';
import { commitToBranch } from './commit.ts';
import {
  type LocalPullRequest,
  closeLocalPullRequest,
  deleteLocalBranch,
  findLocalPullRequest,
  openLocalPullRequest,
  readLocalPullRequest,
  rewriteLocalPullRequest,
} from './pull-request.ts';
import { answerKey, commentOnce, readLocalRequests } from './comments.ts';
import { readMergeBase } from './truth.ts';
import { readRefs } from './refs.ts';
import { readBlob, readSnapshot, readTree } from './snapshot.ts';
import { findRepository } from './repository.ts';

export interface LocalCodeHostOptions {
  /** Folder that holds the bare repositories. */
  root: string;
  /** Where, or with what command, a person looks at a pull request; the repository's folder by default. */
  url?: (pull: { repository: string; number: number; branch: string }) => string;
}

/** The code host on disk: bare repositories under one root, pull requests as refs in them, every write a conditional one. */
export function createLocalCodeHost({ root, url }: LocalCodeHostOptions): CodeHost {
  const find = (repository: string): Promise<string> => findRepository(root, repository);
  const linked = (repository: string, folder: string, pull: LocalPullRequest): PullRequest => ({
    ...pull,
    url: url?.({ repository, number: pull.number, branch: pull.branch }) ?? `${pathToFileURL(folder)}#${pull.number}`,
  });

  return {
    describeIdentity: async () => ({ kind: 'none' }),
    checkAccess: async (repository) => void (await find(repository)),
    listBranches: async (repository, folder) => await listBranches(await find(repository), folder),
    readNews: async (repository) => await readRefs(root, repository),
    readBase: async (repository) => await readBase(await find(repository)),
    readSnapshot: async (repository, commit) => await readSnapshot(await find(repository), commit),
    readTree: async (repository, commit) => await readTree(await find(repository), commit),
    readBlob: async (repository, blob) => await readBlob(await find(repository), blob),
    mergeBase: async (repository, one, other) => await readMergeBase(await find(repository), one, other),
    commit: async (input) => await commitToBranch(await find(input.repository), input),
    async openPullRequest(repository, branch, text) {
      const folder = await find(repository);
      return linked(repository, folder, await openLocalPullRequest(folder, branch, text));
    },
    async updatePullRequest(repository, number, text) {
      const { body, draft, labels } = text;
      await rewriteLocalPullRequest(await find(repository), number, () => ({ body, draft, labels: [...labels] }));
    },
    async readPullRequest(repository, number) {
      const folder = await find(repository);
      return linked(repository, folder, await readLocalPullRequest(folder, number));
    },
    async findPullRequest(repository, branch) {
      const folder = await find(repository);
      const pull = await findLocalPullRequest(folder, branch);
      return pull && linked(repository, folder, pull);
    },
    async closePullRequest(repository, number, text) {
      const folder = await find(repository);
      return linked(repository, folder, await closeLocalPullRequest(folder, number, { by: 'graft', text }));
    },
    async comment(repository, number, key, text) {
      await commentOnce(await find(repository), number, key, text);
    },
    readRequests: async (repository, number) => await readLocalRequests(await find(repository), number),
    async answerRequest(repository, number, request, text) {
      await commentOnce(await find(repository), number, answerKey(request), text);
    },
    async reportChecks(repository, number, commit, checks) {
      const steps = checks.map(({ name, verdict, summary }) => ({ name, verdict, summary }));
      await rewriteLocalPullRequest(await find(repository), number, () => ({ checks: { commit, steps } }));
    },
    deleteBranch: async (repository, branch) => await deleteLocalBranch(await find(repository), branch),
    keepIssue() {
      throw new GraftError('code_host_refused', 'The local code host keeps no issues: read drift from the API.');
    },
  };
}
