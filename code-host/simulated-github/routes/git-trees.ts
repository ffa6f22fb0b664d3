import { resolveTree, typeOf, writeBlob } from '../git/objects.ts';
import { readTreeEntries, writeTree, type TreeChange } from '../git/trees.ts';
import { repositoryUrl } from '../json/repository-json.ts';
import { list, nullableText, optionalText } from '../server/body.ts';
import { created, ok, repositoryRoute, type Json, type RepositoryCall, type Reply } from '../server/call.ts';
import { checkNotEmpty, invalidRequest, notFound, Problem } from '../server/problem.ts';

const modes = ['100644', '100755', '040000', '160000', '120000'];

export const gitTreeRoutes = [
  repositoryRoute('GET /git/trees/{tree_sha}', { docs: 'git/trees#get-a-tree', needs: { contents: 'read' } }, getTree),
  repositoryRoute('POST /git/trees', { docs: 'git/trees#create-a-tree', needs: { contents: 'write' } }, createTree),
];

async function getTree(call: RepositoryCall): Promise<Reply> {
  checkNotEmpty(call.repository);
  const sha = await resolveTree(call.folder, call.params['tree_sha'] ?? '');
  if (sha === undefined) throw notFound();
  // Whatever the value is: `recursive=0` is recursive too.
  return ok(await treeJson(call, sha, call.query.has('recursive')));
}

async function createTree(call: RepositoryCall): Promise<Reply> {
  const { folder, body } = call;
  checkNotEmpty(call.repository);
  const entries = list(body, 'tree');
  if (entries === undefined) throw invalidRequest('"tree" wasn\'t supplied.');
  if (entries.length === 0) throw new Problem(422, 'Invalid tree info');
  const base = nullableText(body, 'base_tree') ?? undefined;
  if (base !== undefined && (await typeOf(folder, base)) !== 'tree') {
    throw new Problem(422, 'base_tree is not a valid tree oid');
  }
  const before = base === undefined ? [] : await readTreeEntries(folder, base, true);
  const known = new Set(before.map((entry) => entry.path));
  const changes: TreeChange[] = [];
  for (const entry of entries) changes.push(await changeFrom(folder, entry as Json, known));
  return created(await treeJson(call, await writeTree(folder, base, changes), false));
}

async function changeFrom(folder: string, entry: Json, known: ReadonlySet<string>): Promise<TreeChange> {
  const path = optionalText(entry, 'path') ?? '';
  if (path === '') throw new Problem(422, 'tree.path is missing');
  if (path.startsWith('/')) throw new Problem(422, 'tree.path cannot start with a slash');
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..' || /^\.git$/i.test(part))) {
    throw new Problem(422, 'tree.path contains a malformed path component');
  }
  const content = optionalText(entry, 'content');
  const sha = nullableText(entry, 'sha');
  if (sha === null) {
    if (!known.has(path)) throw new Problem(422, 'GitRPC::BadObjectState');
    return { path, kind: 'delete' };
  }
  const mode = optionalText(entry, 'mode');
  if (mode === undefined || !modes.includes(mode)) {
    throw new Problem(422, 'Must supply a valid tree.mode');
  }
  if ((content === undefined) === (sha === undefined)) {
    throw new Problem(
      422,
      content === undefined
        ? 'Must supply tree.sha or tree.content'
        : 'Must supply either tree.sha or tree.content, not both',
    );
  }
  if (content !== undefined) return { path, kind: 'blob', mode, sha: await writeBlob(folder, Buffer.from(content)) };
  const wanted = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
  const object = sha ?? '';
  if (wanted !== 'commit' && (await typeOf(folder, object)) !== wanted) {
    throw new Problem(422, `tree.sha ${object} is not a valid ${wanted}`);
  }
  return wanted === 'tree' ? { path, kind: 'tree', sha: object } : { path, kind: 'blob', mode, sha: object };
}

async function treeJson({ world, repository, folder }: RepositoryCall, sha: string, recursive: boolean) {
  const url = repositoryUrl(world, repository);
  const entries = await readTreeEntries(folder, sha, recursive);
  const shown = entries.slice(0, world.limits.treeEntries);
  return {
    sha,
    url: `${url}/git/trees/${sha}`,
    tree: shown.map(({ size, ...entry }) => ({
      ...entry,
      ...(size !== null && { size }),
      ...(entry.type !== 'commit' && { url: `${url}/git/${entry.type}s/${entry.sha}` }),
    })),
    truncated: shown.length < entries.length,
  };
}
