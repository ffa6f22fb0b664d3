import { listCommits, mergeBase, readCommit, readCommits } from '../git/commits.ts';
import { diffFiles } from '../git/diff.ts';
import { resolveCommit } from '../git/objects.ts';
import { commitJson, fileJson } from '../json/commit-json.ts';
import { repositoryPage, repositoryUrl } from '../json/repository-json.ts';
import { ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { checkNotEmpty, notFound, Problem } from '../server/problem.ts';

const read = { contents: 'read' } as const;

export const commitRoutes = [
  repositoryRoute('GET /commits', { docs: 'commits/commits#list-commits', needs: read }, listAll),
  repositoryRoute('GET /commits/{ref}', { docs: 'commits/commits#get-a-commit', needs: read }, getCommit),
  repositoryRoute('GET /compare/{basehead}', { docs: 'commits/commits#compare-two-commits', needs: read }, compare),
];

/** The commit that a path of the API names; the answers are GitHub's for one that it does not know. */
export async function commitOfPath(call: RepositoryCall, name: string): Promise<string> {
  checkNotEmpty(call.repository);
  const sha = await resolveCommit(call.folder, name);
  if (sha === undefined) throw new Problem(422, `No commit found for SHA: ${name}`);
  return sha;
}

async function listAll(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder, query } = call;
  checkNotEmpty(call.repository);
  const start = await resolveCommit(folder, query.get('sha') ?? repository.defaultBranch);
  if (start === undefined) throw notFound();
  const since = query.get('since');
  const until = query.get('until');
  const author = query.get('author');
  const path = query.get('path');
  const shas = await listCommits(folder, [
    ...(since ? [`--since=${since}`] : []),
    ...(until ? [`--until=${until}`] : []),
    ...(author ? [`--author=${author}`, '--fixed-strings'] : []),
    start,
    ...(path ? ['--', path] : ['--']),
  ]);
  const { items, headers } = page(call, shas);
  const commits = await readCommits(folder, items);
  return ok(
    commits.map((commit) => commitJson(world, repository, commit)),
    headers,
  );
}

async function getCommit(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder } = call;
  const sha = await commitOfPath(call, call.params['ref'] ?? '');
  if (/\bvnd\.github\.(v3\.)?sha\b/.test(call.accept)) {
    return {
      status: 200,
      body: Buffer.from(sha),
      headers: { 'content-type': 'application/vnd.github.sha; charset=utf-8' },
    };
  }
  const commit = await readCommit(folder, sha);
  const files = await diffFiles(folder, commit.parents[0] ?? null, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  const { items, headers } = page(call, files, 100);
  return ok(
    {
      ...commitJson(world, repository, commit),
      stats: { total: additions + deletions, additions, deletions },
      files: items.map((file) => fileJson(world, repository, file, sha)),
    },
    headers,
  );
}

async function compare(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder } = call;
  const [, from = '', to = ''] = /^(.+?)\.\.\.(.+)$/.exec(call.params['basehead'] ?? '') ?? [];
  const base = await resolveCommit(folder, withoutOwner(from, repository.owner));
  const head = await resolveCommit(folder, withoutOwner(to, repository.owner));
  if (base === undefined || head === undefined) throw notFound();
  const common = await mergeBase(folder, base, head);
  if (common === undefined) {
    throw new Problem(404, `No common ancestor between ${from} and ${to}.`);
  }
  const ahead = await listCommits(folder, ['--reverse', '--topo-order', head, `^${base}`]);
  const behind = await listCommits(folder, [base, `^${head}`]);
  const { items, headers } = page(call, ahead, 250);
  const [baseCommit, commonCommit, ...commits] = await readCommits(folder, [base, common, ...items]);
  if (baseCommit === undefined || commonCommit === undefined) throw notFound();
  const firstPage = (call.query.get('page') ?? '1') === '1';
  const files = firstPage ? await diffFiles(folder, common, head) : [];
  const url = `${repositoryUrl(world, repository)}/compare/${from}...${to}`;
  const web = `${repositoryPage(world, repository)}/compare`;
  const { owner, name } = repository;
  return ok(
    {
      url,
      html_url: `${web}/${from}...${to}`,
      permalink_url: `${web}/${owner}:${name}:${base.slice(0, 7)}...${owner}:${name}:${head.slice(0, 7)}`,
      diff_url: `${web}/${from}...${to}.diff`,
      patch_url: `${web}/${from}...${to}.patch`,
      base_commit: commitJson(world, repository, baseCommit),
      merge_base_commit: commitJson(world, repository, commonCommit),
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: commits.map((commit) => commitJson(world, repository, commit)),
      files: files.slice(0, world.limits.comparedFiles).map((file) => fileJson(world, repository, file, head)),
    },
    headers,
  );
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

/** Only comparisons within one repository are known here: `owner:branch` is the branch. */
function withoutOwner(name: string, owner: string): string {
  return name.startsWith(`${owner}:`) ? name.slice(owner.length + 1) : name;
}
