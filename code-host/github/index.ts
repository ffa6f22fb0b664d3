import type { CodeHost } from '../../contract/code-host.ts';
import { checkGithubAccess } from './access.ts';
import { listGithubBranches, readGithubBase, readGithubTree } from './base.ts';
import { deleteGithubBranch } from './branch.ts';
import { reportCheckRuns } from './check-runs.ts';
import { describeGithubIdentity } from './describe.ts';
import type { GithubClient } from './client.ts';
import { commentOnGithub } from './comments.ts';
import { commitToGithub } from './commit.ts';
import { readGithubMergeBase } from './compare.ts';
import { keepGithubIssue } from './issue.ts';
import { closeGithubPull, openGithubPull, updateGithubPull } from './propose.ts';
import { readGithubNews } from './news.ts';
import { findGithubPull, readGithubPull } from './pull-request.ts';
import { answerGithubRequest, readGithubRequests } from './requests.ts';
import { readGithubBlob, readGithubSnapshot } from './snapshot.ts';
import { reportStatuses } from './statuses.ts';

/** GitHub as a code host: reads by archive, writes through Git Data, as a GitHub App or with a token. */
export function createGithubCodeHost(client: GithubClient): CodeHost {
  const at = async (name: string) => await client.repository(name);
  return {
    describeIdentity: () => describeGithubIdentity(client),
    checkAccess: async (name) => await checkGithubAccess(client, name),
    listBranches: async (name, folder) => await listGithubBranches(await at(name), folder),
    readNews: async (name) => await readGithubNews(await at(name)),
    readBase: async (name) => await readGithubBase(await at(name)),
    readSnapshot: async (name, commit) => await readGithubSnapshot(await at(name), commit),
    readTree: async (name, commit) => await readGithubTree(await at(name), commit),
    readBlob: async (name, blob) => await readGithubBlob(await at(name), blob),
    mergeBase: async (name, one, other) => await readGithubMergeBase(await at(name), one, other),
    commit: async (input) => await commitToGithub(await at(input.repository), input),
    openPullRequest: async (name, branch, text) => await openGithubPull(await at(name), branch, text),
    updatePullRequest: async (name, number, text) => await updateGithubPull(await at(name), number, text),
    readPullRequest: async (name, number) => await readGithubPull(await at(name), number),
    findPullRequest: async (name, branch) => await findGithubPull(await at(name), branch),
    closePullRequest: async (name, number, comment) => await closeGithubPull(await at(name), number, comment),
    comment: async (name, number, key, text) => await commentOnGithub(await at(name), number, key, text),
    readRequests: async (name, number) => await readGithubRequests(await at(name), number),
    answerRequest: async (name, number, request, text) =>
      await answerGithubRequest(await at(name), number, request, text),
    async reportChecks(name, number, commit, checks) {
      const repository = await at(name);
      if (repository.kind === 'app') await reportCheckRuns(repository, commit, checks);
      else await reportStatuses(repository, number, commit, checks);
    },
    deleteBranch: async (name, branch) => await deleteGithubBranch(await at(name), branch),
    keepIssue: async (name, key, issue) => await keepGithubIssue(await at(name), key, issue),
  };
}
