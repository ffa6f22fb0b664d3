import { readCommits } from '../git/commits.ts';
import { commitJson, fileJson } from '../json/commit-json.ts';
import { changesOf, pullJson, simplePullJson, type PullIssue } from '../json/pull-json.ts';
import { closePull, editPull, reopenPull } from '../pulls/change-state.ts';
import { findPull, pullsOf } from '../pulls/find.ts';
import { mergePull } from '../pulls/merge.ts';
import { knownMergeability, readMergeability } from '../pulls/mergeability.ts';
import { openPull } from '../pulls/open.ts';
import { atLeast, roleOf } from '../server/access.ts';
import { actorOf, appIdOf } from '../server/actor.ts';
import { flag, nullableText, oneOf, optionalText, text } from '../server/body.ts';
import { created, ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { notFound, validationFailed } from '../server/problem.ts';

const read = { pull_requests: 'read' } as const;
const write = { pull_requests: 'write' } as const;

export const pullRoutes = [
  repositoryRoute('GET /pulls', { docs: 'pulls/pulls#list-pull-requests', needs: read }, listPulls),
  repositoryRoute('POST /pulls', { docs: 'pulls/pulls#create-a-pull-request', needs: write, role: 'read' }, createPull),
  repositoryRoute('GET /pulls/{pull_number}', { docs: 'pulls/pulls#get-a-pull-request', needs: read }, getPull),
  repositoryRoute(
    'PATCH /pulls/{pull_number}',
    { docs: 'pulls/pulls#update-a-pull-request', needs: write, role: 'read' },
    updatePull,
  ),
  repositoryRoute(
    'GET /pulls/{pull_number}/commits',
    { docs: 'pulls/pulls#list-commits-on-a-pull-request', needs: read },
    listPullCommits,
  ),
  repositoryRoute(
    'GET /pulls/{pull_number}/files',
    { docs: 'pulls/pulls#list-pull-requests-files', needs: read },
    listPullFiles,
  ),
  repositoryRoute(
    'PUT /pulls/{pull_number}/merge',
    { docs: 'pulls/pulls#merge-a-pull-request', needs: { contents: 'write' } },
    putMerge,
  ),
];

const pullOf = (call: RepositoryCall) => findPull(call.repository, call.params['pull_number'] ?? '');

async function described({ world, repository }: RepositoryCall, issue: PullIssue) {
  return await pullJson(world, repository, issue, knownMergeability(repository, issue));
}

function listPulls(call: RepositoryCall): Reply {
  const { world, repository, query } = call;
  const state = query.get('state') ?? 'open';
  const base = query.get('base');
  // A head without its owner filters nothing, which is a trap at GitHub too.
  const head = query.get('head')?.includes(':') ? query.get('head') : null;
  const sort = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc');
  const found = pullsOf(repository)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => base === null || issue.pull.base.ref === base)
    .filter((issue) => head === null || head === `${repository.owner}:${issue.pull.head.ref}`)
    .sort((one, other) =>
      sort === 'updated'
        ? one.updatedAt.localeCompare(other.updatedAt) || one.number - other.number
        : one.number - other.number,
    );
  if (direction === 'desc') found.reverse();
  const { items, headers } = page(call, found);
  return ok(
    items.map((issue) => simplePullJson(world, repository, issue)),
    headers,
  );
}

async function createPull(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body, identity } = call;
  const title = optionalText(body, 'title');
  const wish = {
    head: text(body, 'head'),
    base: text(body, 'base'),
    body: nullableText(body, 'body') ?? null,
    draft: flag(body, 'draft') ?? false,
    maintainerCanModify: flag(body, 'maintainer_can_modify') ?? false,
  };
  if (title === undefined || title.trim() === '') {
    throw validationFailed({ resource: 'PullRequest', code: 'missing_field', field: 'title' });
  }
  checkLength(wish.body);
  const issue = await openPull(world, repository, { ...wish, title }, actorOf(identity), appIdOf(identity));
  return created(await described(call, issue));
}

async function getPull(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const issue = pullOf(call);
  return ok(await pullJson(world, repository, issue, await readMergeability(world, repository, issue)));
}

async function updatePull(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body, identity } = call;
  const issue = pullOf(call);
  const actor = actorOf(identity);
  const mayChange =
    identity.kind === 'installation' || issue.login === actor.login || atLeast(roleOf(repository, actor), 'triage');
  if (!mayChange) throw notFound();
  const title = optionalText(body, 'title');
  const text = nullableText(body, 'body');
  const state = oneOf(body, 'state', ['open', 'closed']);
  const base = optionalText(body, 'base');
  if (title?.trim() === '') {
    throw validationFailed({ resource: 'PullRequest', code: 'missing_field', field: 'title' });
  }
  checkLength(text ?? null);
  if (base !== undefined && base !== issue.pull.base.ref) retarget(call, issue, base);
  await editPull(
    world,
    repository,
    issue,
    { ...(title !== undefined && { title }), ...(text !== undefined && { body: text }) },
    actor,
  );
  if (state === 'closed') await closePull(world, repository, issue, actor);
  if (state === 'open') await reopenPull(world, repository, issue, actor);
  return ok(await described(call, issue));
}

function retarget({ repository }: RepositoryCall, issue: PullIssue, base: string): void {
  const sha = repository.refs[`refs/heads/${base}`];
  const wrong = { resource: 'PullRequest', field: 'base', code: 'invalid' };
  if (issue.state === 'closed') {
    throw validationFailed({ ...wrong, message: 'Cannot change the base branch of a closed pull request.' });
  }
  if (sha === undefined) throw validationFailed(wrong);
  issue.pull.base = { ref: base, sha };
}

async function listPullCommits(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder } = call;
  const { commits } = await changesOf(world, repository, pullOf(call));
  const { items, headers } = page(call, commits.slice(0, 250));
  const read = await readCommits(folder, items);
  return ok(
    read.map((commit) => commitJson(world, repository, commit)),
    headers,
  );
}

async function listPullFiles(call: RepositoryCall): Promise<Reply> {
  const { world, repository } = call;
  const issue = pullOf(call);
  const { files } = await changesOf(world, repository, issue);
  const { items, headers } = page(call, files.slice(0, 3000));
  return ok(
    items.map((file) => fileJson(world, repository, file, issue.pull.head.sha)),
    headers,
  );
}

async function putMerge(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body, identity } = call;
  const title = optionalText(body, 'commit_title');
  const message = optionalText(body, 'commit_message');
  const sha = optionalText(body, 'sha');
  const merged = await mergePull(
    world,
    repository,
    pullOf(call),
    {
      method: oneOf(body, 'merge_method', ['merge', 'squash', 'rebase']) ?? 'merge',
      ...(title !== undefined && { title }),
      ...(message !== undefined && { message }),
      ...(sha !== undefined && { sha }),
    },
    actorOf(identity),
  );
  return ok({ sha: merged, merged: true, message: 'Pull Request successfully merged' });
}

function checkLength(body: string | null): void {
  if (body === null || body.length <= 65_536) return;
  const message = 'body is too long (maximum is 65536 characters)';
  throw validationFailed({ resource: 'PullRequest', code: 'custom', field: 'body', message });
}
