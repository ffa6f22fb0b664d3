import { Problem } from '../server/problem.ts';

/** Throws what GitHub answers to a name that a secret or a variable cannot have. */
export function checkName(kind: 'Secret' | 'Variable', name: string): void {
  const failed = `Failed to add ${kind.toLowerCase()}. ${kind} names`;
  if (/^GITHUB_/i.test(name)) throw new Problem(422, `${failed} must not start with GITHUB_.`);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new Problem(
      422,
      `${failed} can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).`,
    );
  }
}
