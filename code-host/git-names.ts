import { GraftError } from '../contract/errors.ts';

const branchShape = /^[A-Za-z0-9_][\w./@+-]{0,199}$/;
const commitShape = /^[0-9a-f]{40}$/;

/** The full name of a branch; throws `invalid_request` for what git or we would read as something else. */
export function branchRef(branch: string): string {
  const parts = branch.split('/');
  const plain = parts.every((part) => part !== '' && !part.startsWith('.') && !/\.lock$|\.$|\.\.|@\{/.test(part));
  if (!branchShape.test(branch) || !plain) {
    throw new GraftError('invalid_request', `“${branch}” cannot be a branch name here.`, {
      fields: [{ field: 'branch', fix: 'Use letters, digits, dashes, dots and slashes.' }],
    });
  }
  return `refs/heads/${branch}`;
}

/** Is this a full object id, in SHA-1? */
export function isObjectId(object: string): boolean {
  return commitShape.test(object);
}

/** A full commit id, as it is; throws `invalid_request` for anything else, so that no argument is read as an option. */
export function commitId(commit: string): string {
  if (isObjectId(commit)) return commit;
  throw new GraftError('invalid_request', 'A commit is named by its 40 hexadecimal digits.', {
    fields: [{ field: 'commit', fix: 'Give the full SHA-1 id of a commit.' }],
  });
}
