import type { CheckRun, CommitStatus, Repository } from '../state.ts';
import { accountOf, appOf, type World } from '../world.ts';
import { appJson } from './app-json.ts';
import { nodeId } from './node-id.ts';
import { repositoryPage, repositoryUrl } from './repository-json.ts';
import { userJson } from './user-json.ts';

/** A `check-run`. */
export function checkRunJson(world: World, repository: Repository, run: CheckRun) {
  const url = `${repositoryUrl(world, repository)}/check-runs/${run.id}`;
  const api = repositoryUrl(world, repository);
  const pulls = repository.issues.filter((issue) => issue.state === 'open' && issue.pull?.head.sha === run.headSha);
  const repo = { id: repository.id, url: api, name: repository.name };
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryPage(world, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${world.origin}/${appOf(world, run.app).slug}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suite },
    app: appJson(world, appOf(world, run.app)),
    pull_requests: pulls.flatMap(({ number, pull }) =>
      pull === null
        ? []
        : [
            {
              url: `${api}/pulls/${number}`,
              id: pull.id,
              number,
              head: { ref: pull.head.ref, sha: pull.head.sha, repo },
              base: { ref: pull.base.ref, sha: pull.base.sha, repo },
            },
          ],
    ),
  };
}

/** A `status`. */
export function statusJson(world: World, repository: Repository, status: CommitStatus) {
  return {
    ...simpleStatusJson(world, repository, status),
    creator: userJson(world, accountOf(world, status.login)),
  };
}

/** A `simple-commit-status`. */
export function simpleStatusJson(world: World, repository: Repository, status: CommitStatus) {
  return {
    url: `${repositoryUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: userJson(world, accountOf(world, status.login)).avatar_url,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}
