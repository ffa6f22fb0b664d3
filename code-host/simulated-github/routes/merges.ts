import { isAncestor, readCommit } from '../git/commits.ts';
import { mergeTrees } from '../git/merge-trees.ts';
import { resolveCommit } from '../git/objects.ts';
import { writeRef } from '../git/refs.ts';
import { writeCommit } from '../git/write-commit.ts';
import { commitJson } from '../json/commit-json.ts';
import { actorOf, githubSignature, signatureOf } from '../server/actor.ts';
import { optionalText, text } from '../server/body.ts';
import { noContent, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { Problem } from '../server/problem.ts';

export const mergeRoutes = [
  repositoryRoute('POST /merges', { docs: 'branches/branches#merge-a-branch', needs: { contents: 'write' } }, merge),
];

async function merge(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder, body, identity } = call;
  const branch = text(body, 'base');
  const name = text(body, 'head');
  const base = repository.refs[`refs/heads/${branch}`];
  if (base === undefined) throw new Problem(404, 'Base does not exist');
  const head = await resolveCommit(folder, name);
  if (head === undefined) throw new Problem(404, 'Head does not exist');
  if (await isAncestor(folder, head, base)) return noContent;
  const tree = await mergeTrees(folder, base, head);
  if (tree === undefined) throw new Problem(409, 'Merge conflict');
  const sha = await writeCommit(world, folder, {
    tree,
    parents: [base, head],
    author: signatureOf(world, actorOf(identity)),
    committer: githubSignature(world),
    message: optionalText(body, 'commit_message') ?? `Merge ${name} into ${branch}`,
    signed: true,
  });
  await writeRef(folder, `refs/heads/${branch}`, sha);
  return { status: 201, body: commitJson(world, repository, await readCommit(folder, sha)) };
}
