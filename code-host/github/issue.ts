import type { GithubRepository } from './client.ts';
import { bodyOf, commentOnGithub, findOwn, withMarker } from './comments.ts';
import { addLabels } from './labels.ts';

const label = 'graft:drift';

/** Keeps one open issue for a key with this text, or none with null; gives where a person looks at it. */
export async function keepGithubIssue(
  repository: GithubRepository,
  key: string,
  issue: { title: string; body: string } | null,
): Promise<{ url: string } | undefined> {
  const { octokit, at } = repository;
  const open = await findOpen(repository, key);
  if (issue === null) {
    if (open === undefined) return undefined;
    await commentOnGithub(
      repository,
      open.number,
      'closed',
      'There is nothing left to say here: it is as it should be.',
    );
    const closed = { issue_number: open.number, state: 'closed', state_reason: 'completed' } as const;
    await octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...at, ...closed });
    return undefined;
  }
  const { title } = issue;
  const body = withMarker(issue.body, key);
  if (open === undefined) {
    const made = await octokit.request('POST /repos/{owner}/{repo}/issues', {
      ...at,
      title,
      body,
      // With it in the same request a retry finds the issue again, whatever happens next.
      labels: [label],
    });
    await addLabels(repository, made.data.number, [label]);
    return { url: made.data.html_url };
  }
  if (open.title !== title || open.text !== body) {
    const next = { issue_number: open.number, title, body };
    await octokit.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...at, ...next });
  }
  return { url: open.url };
}

async function findOpen(repository: GithubRepository, key: string) {
  const { octokit, at } = repository;
  const found = await octokit.paginate('GET /repos/{owner}/{repo}/issues', {
    ...at,
    labels: label,
    state: 'open',
    per_page: 100,
  });
  const issues = found
    .filter((each) => each.pull_request === undefined)
    .map(({ id, user, number, title, html_url: url, ...issue }) => {
      return { id, by: user?.login ?? '', isBot: false, text: bodyOf(issue), number, title, url };
    });
  const own = await findOwn(repository, issues, key);
  return issues.find(({ id }) => id === own?.id);
}
