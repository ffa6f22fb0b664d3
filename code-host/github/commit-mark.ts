import { createHmac, timingSafeEqual } from 'node:crypto';

const trailer = 'Graft-Commit';
const markLength = 32;

/** Everything of a commit that its mark covers: none of it can change, and the commit still count as ours. */
export interface MarkedCommit {
  repository: string;
  branch: string;
  tree: string;
  parents: readonly string[];
  message: string;
}

/** The message with a last line by which we, and nobody else, know the commit as ours. */
export function markedMessage(key: Uint8Array, commit: MarkedCommit): string {
  return `${commit.message.trimEnd()}\n\n${trailer}: ${markOf(key, commit)}\n`;
}

/** Did we make this commit, as it is? `message` is the whole one. */
export function isMarked(key: Uint8Array, commit: MarkedCommit): boolean {
  const [, message, mark] = /^([^]*)\n\nGraft-Commit: ([0-9a-f]{32})\s*$/.exec(commit.message) ?? [];
  if (message === undefined || mark === undefined) return false;
  return timingSafeEqual(Buffer.from(mark), Buffer.from(markOf(key, { ...commit, message })));
}

function markOf(key: Uint8Array, { repository, branch, tree, parents, message }: MarkedCommit): string {
  const said = JSON.stringify([repository.toLowerCase(), branch, tree, parents, message.trimEnd()]);
  return createHmac('sha256', key).update(said).digest('hex').slice(0, markLength);
}
