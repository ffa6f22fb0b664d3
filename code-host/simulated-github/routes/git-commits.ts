import { readCommit, type Signature } from '../git/commits.ts';
import { typeOf } from '../git/objects.ts';
import { writeCommit } from '../git/write-commit.ts';
import { gitCommitJson } from '../json/commit-json.ts';
import { actorOf, githubSignature, signatureOf } from '../server/actor.ts';
import { object, optionalText, text, texts } from '../server/body.ts';
import { created, ok, repositoryRoute, type Json, type RepositoryCall, type Reply } from '../server/call.ts';
import { invalidRequest, notFound, Problem } from '../server/problem.ts';
import { timeOf } from '../world.ts';

export const gitCommitRoutes = [
  repositoryRoute(
    'GET /git/commits/{commit_sha}',
    { docs: 'git/commits#get-a-commit-object', needs: { contents: 'read' } },
    async (call) => {
      const sha = call.params['commit_sha'] ?? '';
      if ((await typeOf(call.folder, sha)) !== 'commit') throw notFound();
      return ok(gitCommitJson(call.world, call.repository, await readCommit(call.folder, sha)));
    },
  ),
  repositoryRoute(
    'POST /git/commits',
    { docs: 'git/commits#create-a-commit', needs: { contents: 'write' } },
    createCommit,
  ),
];

async function createCommit(call: RepositoryCall): Promise<Reply> {
  const { world, folder, body, identity } = call;
  const message = text(body, 'message');
  const tree = text(body, 'tree');
  const parents = texts(body, 'parents') ?? [];
  if ((await typeOf(folder, tree)) !== 'tree') throw new Problem(422, 'Tree SHA does not exist');
  for (const parent of parents) {
    if ((await typeOf(folder, parent)) !== 'commit') {
      throw new Problem(422, 'Parent SHA does not exist or is not a commit object');
    }
  }
  const given = signatureFrom(call, 'author');
  const committing = signatureFrom(call, 'committer');
  const signature = optionalText(body, 'signature');
  // What a bot commits under its own name is GitHub's word, so GitHub commits and signs it.
  const signed = identity.kind === 'installation' && given === undefined && committing === undefined;
  const own = signatureOf(world, actorOf(identity));
  const author = given ?? own;
  const sha = await writeCommit(world, folder, {
    tree,
    parents,
    author,
    committer: committing ?? (signed ? githubSignature(world) : author),
    message,
    signed: signed && signature === undefined,
    ...(signature !== undefined && { signature }),
  });
  return created(gitCommitJson(world, call.repository, await readCommit(folder, sha)));
}

function signatureFrom(call: RepositoryCall, name: 'author' | 'committer'): Signature | undefined {
  const given: Json | undefined = object(call.body, name);
  if (given === undefined) return undefined;
  const date = optionalText(given, 'date') ?? timeOf(call.world);
  if (Number.isNaN(Date.parse(date))) throw invalidRequest(`${JSON.stringify(date)} is not a valid date-time.`);
  const zone = /([+-]\d\d):?(\d\d)$/.exec(date.slice(10));
  const person = { name: text(given, 'name').trim(), email: text(given, 'email').trim() };
  if (/[<>\n]/.test(`${person.name}${person.email}`)) throw invalidRequest(`${name} has characters that git refuses.`);
  return { ...person, date, zone: zone ? `${zone[1]}${zone[2]}` : '+0000' };
}
