import type { PullIssue } from '../json/pull-json.ts';
import { notFound } from '../server/problem.ts';
import type { Issue, Repository } from '../state.ts';

/** Is this issue a pull request? */
export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null;
}

/** All pull requests of a repository. */
export function pullsOf(repository: Repository): PullIssue[] {
  return repository.issues.filter(isPull);
}

/** A pull request by number; 404 otherwise. */
export function findPull(repository: Repository, number: string | number): PullIssue {
  const issue = pullsOf(repository).find((one) => one.number === Number(number));
  if (issue === undefined) throw notFound();
  return issue;
}
