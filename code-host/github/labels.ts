import type { GithubRepository } from './client.ts';

/** GitHub gives this colour to a label that it makes because somebody used its name. */
const colourOfUnknown = 'ededed';
const ourColour = '5319e7';

/** Adds labels to a pull request or issue and takes none away; one that the repository did not have gets our colour. */
export async function addLabels(
  { octokit, at }: GithubRepository,
  number: number,
  labels: readonly string[],
): Promise<void> {
  if (labels.length === 0) return;
  const { data } = await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
    ...at,
    issue_number: number,
    labels: [...labels],
  });
  for (const { name, color } of data) {
    if (!labels.includes(name) || color !== colourOfUnknown) continue;
    await octokit.request('PATCH /repos/{owner}/{repo}/labels/{name}', { ...at, name, color: ourColour });
  }
}
