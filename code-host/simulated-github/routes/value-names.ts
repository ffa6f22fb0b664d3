import { Problem } from '../server/problem.ts';

/** Throws what GitHub answers to a name that a secret or a variable cannot have. */
export function checkName(kind: 'Secret' | 'Variable', name: string): void {
  if (/^GITHUB_/i.test(name)) throw new Problem(422, `${kind} names must not start with GITHUB_.`);
  if (/^\d/.test(name)) throw new Problem(422, `${kind} names must not start with a number.`);
  if (!/^\w+$/.test(name)) {
    throw new Problem(
      422,
      `${kind} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed.`,
    );
  }
}
