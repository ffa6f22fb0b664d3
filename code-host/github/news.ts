import { createHash } from 'node:crypto';
import { readBranchHead, readDefaultBranch } from './base.ts';
import type { GithubRepository } from './client.ts';

/**
 * A fingerprint of the default branch and of the pull requests that moved last: comments, pushes and edits show in when
 * they were updated. Costs nothing of the rate limit while it stays the same.
 */
export async function readGithubNews(repository: GithubRepository): Promise<string> {
  const { octokit, at } = repository;
  const base = await readBranchHead(repository, await readDefaultBranch(repository));
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
    ...at,
    state: 'all',
    sort: 'updated',
    direction: 'desc',
    per_page: 100,
  });
  const pulls = data.map(({ number, updated_at, head }) => [number, updated_at, head.sha]);
  return createHash('sha256')
    .update(JSON.stringify([base?.commit, pulls]))
    .digest('hex');
}
