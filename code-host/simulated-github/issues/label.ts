import { emit } from '../events.ts';
import { issueJson, labelJson } from '../json/issue-json.ts';
import { isPull } from '../pulls/find.ts';
import { emitPull } from '../pulls/pull-event.ts';
import type { Account, Issue, Label, Repository } from '../state.ts';
import { newId, timeOf, type World } from '../world.ts';

/** A label of the repository by name, letter case aside. */
export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** Adds a label to the repository. */
export function addLabel(
  world: World,
  repository: Repository,
  { name, color = 'ededed', description = null }: { name: string; color?: string; description?: string | null },
): Label {
  const label = { id: newId(world), name, color, description };
  repository.labels.push(label);
  return label;
}

/** Puts labels on an issue or pull request; unknown ones come into being. */
export async function labelIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  names: readonly string[],
  actor: Account,
): Promise<void> {
  for (const name of names) {
    const label = findLabel(repository, name) ?? addLabel(world, repository, { name });
    if (issue.labels.includes(label.name)) continue;
    issue.labels.push(label.name);
    await emitLabel(world, repository, issue, 'labeled', label, actor);
  }
}

/** Takes one label off an issue or pull request. */
export async function unlabelIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  label: Label,
  actor: Account,
): Promise<void> {
  issue.labels = issue.labels.filter((name) => name !== label.name);
  await emitLabel(world, repository, issue, 'unlabeled', label, actor);
}

async function emitLabel(
  world: World,
  repository: Repository,
  issue: Issue,
  action: string,
  label: Label,
  actor: Account,
): Promise<void> {
  issue.updatedAt = timeOf(world);
  const payload = { label: labelJson(world, repository, label) };
  if (isPull(issue)) await emitPull(world, repository, issue, action, actor, payload);
  else emit(world, repository, 'issues', action, { issue: issueJson(world, repository, issue), ...payload }, actor);
}
