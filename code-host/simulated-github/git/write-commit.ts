import { createHmac } from 'node:crypto';
import { gitText } from '../../git.ts';
import type { World } from '../world.ts';
import type { GitCommit, Signature } from './commits.ts';

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  author: Signature;
  committer: Signature;
  message: string;
  /** Signed as commits are that GitHub itself makes. */
  signed: boolean;
  signature?: string;
}

/** Writes a commit object and gives its id. */
export async function writeCommit(world: World, folder: string, commit: NewCommit): Promise<string> {
  const head = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${written(commit.author)}`,
    `committer ${written(commit.committer)}`,
  ].join('\n');
  const signature = commit.signature ?? (commit.signed ? sign(world, `${head}\n\n${commit.message}`) : undefined);
  const gpgsig = signature === undefined ? '' : `\ngpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}`;
  return await gitText(folder, ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    input: `${head}${gpgsig}\n\n${commit.message}`,
  });
}

/** GitHub's `verification` of a commit. */
export function verificationOf(world: World, commit: GitCommit) {
  if (commit.signature === null) {
    return { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  }
  const verified = sign(world, commit.payload) === commit.signature;
  return {
    verified,
    reason: verified ? 'valid' : 'unknown_key',
    signature: commit.signature,
    payload: commit.payload,
    verified_at: verified ? commit.committer.date : null,
  };
}

// Looks like GitHub's, and proves that this simulator made the commit; it is no OpenPGP.
function sign(world: World, payload: string): string {
  const mac = createHmac('sha512', world.state.signingKey).update(payload).digest('base64');
  return `-----BEGIN PGP SIGNATURE-----\n\n${mac}\n-----END PGP SIGNATURE-----`;
}

function written({ name, email, date, zone }: Signature): string {
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} ${zone}`;
}
