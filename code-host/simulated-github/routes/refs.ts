import { readRefs } from '../../git-refs.ts';
import { isAncestor } from '../git/commits.ts';
import { isSha, resolveTreeBelow, typeOf } from '../git/objects.ts';
import { deleteRef, isRefName, writeRef } from '../git/refs.ts';
import { nodeId } from '../json/node-id.ts';
import { repositoryUrl } from '../json/repository-json.ts';
import { holds, inaccessible } from '../server/access.ts';
import { flag, text } from '../server/body.ts';
import {
  created,
  noContent,
  ok,
  repositoryRoute,
  type Needs,
  type RepositoryCall,
  type Reply,
} from '../server/call.ts';
import { checkNotEmpty, invalidRequest, notFound, Problem } from '../server/problem.ts';

// The second set is for commits that change workflows.
const writes: Needs = [{ contents: 'write' }, { contents: 'write', workflows: 'write' }];

export const refRoutes = [
  repositoryRoute('GET /git/ref/{ref}', { docs: 'git/refs#get-a-reference', needs: { contents: 'read' } }, getRef),
  repositoryRoute(
    'GET /git/matching-refs/{ref}',
    { docs: 'git/refs#list-matching-references', needs: { contents: 'read' } },
    listMatchingRefs,
  ),
  repositoryRoute('POST /git/refs', { docs: 'git/refs#create-a-reference', needs: writes }, createRef),
  repositoryRoute('PATCH /git/refs/{ref}', { docs: 'git/refs#update-a-reference', needs: writes }, updateRef),
  repositoryRoute(
    'DELETE /git/refs/{ref}',
    { docs: 'git/refs#delete-a-reference', needs: { contents: 'write' } },
    removeRef,
  ),
];

async function getRef(call: RepositoryCall): Promise<Reply> {
  checkNotEmpty(call.repository);
  const ref = `refs/${call.params['ref']}`;
  const found = (await readRefs(call.folder, [ref])).get(ref);
  if (found === undefined) throw notFound();
  return ok(await refJson(call, ref, found.object));
}

async function listMatchingRefs(call: RepositoryCall): Promise<Reply> {
  checkNotEmpty(call.repository);
  const prefix = `refs/${call.params['ref']}`;
  const refs = await readRefs(call.folder, ['refs']);
  const found = [...refs].filter(([ref]) => ref.startsWith(prefix));
  return ok(await Promise.all(found.map(([ref, { object }]) => refJson(call, ref, object))));
}

async function createRef(call: RepositoryCall): Promise<Reply> {
  const { folder } = call;
  const ref = text(call.body, 'ref');
  const sha = objectId(call);
  if (!/^refs\/[^/]+\/./.test(ref)) {
    throw new Problem(422, 'Reference name must contain at least three slash-separated components.');
  }
  if (!(await isRefName(folder, ref))) throw new Problem(422, `${ref} is not a valid ref name.`);
  checkNotEmpty(call.repository);
  const type = await typeOf(folder, sha);
  if (type === undefined) throw new Problem(422, 'Object does not exist');
  if (type !== 'commit' && ref.startsWith('refs/heads/')) throw new Problem(422, 'Object is not a commit');
  const refs = await readRefs(folder, ['refs']);
  if (refs.has(ref)) throw new Problem(422, 'Reference already exists');
  // git keeps a ref in a file, so that a branch cannot also be the folder of another one.
  const clash = [...refs.keys()].some((other) => other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`));
  if (clash) throw new Problem(422, 'Reference update failed');
  await checkWorkflows(call, sha, undefined);
  await writeRef(folder, ref, sha);
  return created(await refJson(call, ref, sha));
}

async function updateRef(call: RepositoryCall): Promise<Reply> {
  const { folder } = call;
  const ref = `refs/${call.params['ref']}`;
  const sha = objectId(call);
  const force = flag(call.body, 'force') ?? false;
  const found = (await readRefs(folder, [ref])).get(ref);
  if (found === undefined) throw new Problem(422, 'Reference does not exist');
  if ((await typeOf(folder, sha)) === undefined) throw new Problem(422, 'Object does not exist');
  if (!force && !(await isAncestor(folder, found.object, sha))) {
    throw new Problem(422, 'Update is not a fast forward');
  }
  await checkWorkflows(call, sha, found.object);
  await writeRef(folder, ref, sha);
  return ok(await refJson(call, ref, sha));
}

async function removeRef(call: RepositoryCall): Promise<Reply> {
  const ref = `refs/${call.params['ref']}`;
  if (!(await readRefs(call.folder, [ref])).has(ref)) throw new Problem(422, 'Reference does not exist');
  if (ref === `refs/heads/${call.repository.defaultBranch}`) {
    throw new Problem(422, 'Cannot delete the default branch');
  }
  await deleteRef(call.folder, ref);
  return noContent;
}

/** A token without the permission for workflows brings in none but those of the default branch or of the ref itself. */
async function checkWorkflows(call: RepositoryCall, sha: string, before: string | undefined): Promise<void> {
  const { identity, repository, folder } = call;
  if (identity.kind !== 'installation' && identity.kind !== 'person') return;
  if (identity.permissions === null || holds(identity.permissions, [{ workflows: 'write' }])) return;
  const wanted = await resolveTreeBelow(folder, sha, '.github/workflows');
  if (wanted === undefined) return;
  const known = [repository.refs[`refs/heads/${repository.defaultBranch}`], before];
  for (const commit of known) {
    if (commit && (await resolveTreeBelow(folder, commit, '.github/workflows')) === wanted) return;
  }
  throw inaccessible(identity, writes);
}

function objectId(call: RepositoryCall): string {
  const sha = text(call.body, 'sha');
  if (isSha(sha)) return sha;
  throw sha.length === 40
    ? new Problem(422, 'Object does not exist')
    : invalidRequest('The sha parameter must be exactly 40 characters and contain only [0-9a-f].');
}

async function refJson({ world, repository, folder }: RepositoryCall, ref: string, sha: string) {
  const type = (await typeOf(folder, sha)) ?? 'commit';
  const url = repositoryUrl(world, repository);
  return {
    ref,
    node_id: nodeId('REF', `${repository.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  };
}
