import { GraftError } from '../../contract/errors.ts';
import type { GithubRepository } from './client.ts';

/** A comment of a pull request or issue. */
export interface GithubComment {
  id: number;
  by: string;
  isBot: boolean;
  text: string;
}

const charactersAtMost = 65_536;

/** The hidden line by which we know a text of ours again. */
function marker(key: string): string {
  if (/^[\w:./-]+$/.test(key) && !key.includes('--')) return `<!-- graft:${key} -->`;
  throw new GraftError('internal', `${JSON.stringify(key)} cannot be the key of a comment.`);
}

/** Says something at a pull request or issue, or says it anew where we said it with this key before. */
export async function commentOnGithub(
  repository: GithubRepository,
  number: number,
  key: string,
  text: string,
): Promise<void> {
  const { octokit, at } = repository;
  const body = withMarker(text, key);
  const said = await findOwn(repository, await listComments(repository, number), key);
  if (said === undefined) {
    await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...at,
      issue_number: number,
      body,
    });
  } else if (said.text !== body) {
    const comment = { comment_id: said.id, body };
    await octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', { ...at, ...comment });
  }
}

/** A text as people wrote it, empty when there is none: a browser sends the line ends of Windows. */
export function bodyOf({ body }: { body?: string | null }): string {
  return (body ?? '').replaceAll('\r\n', '\n');
}

/** Every comment, the oldest first. */
export async function listComments(
  { octokit, at }: GithubRepository,
  number: number,
): Promise<readonly GithubComment[]> {
  const comments = await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...at,
    issue_number: number,
    per_page: 100,
  });
  return comments.map(({ id, user, ...comment }) => ({
    id,
    by: user?.login ?? '',
    isBot: user?.type === 'Bot',
    text: bodyOf(comment),
  }));
}

/** Our comment with this key: others may copy the marker, but not our name. */
export async function findOwn(
  repository: GithubRepository,
  comments: readonly GithubComment[],
  key: string,
): Promise<GithubComment | undefined> {
  const marked = comments.filter(({ text }) => text.endsWith(marker(key)));
  if (marked.length === 0) return undefined;
  const login = await repository.login();
  return marked.find(({ by }) => by === login);
}

/** A text with its marker as the last line, as long as GitHub takes it. */
export function withMarker(text: string, key: string): string {
  const last = `\n\n${marker(key)}`;
  return text.trimEnd().slice(0, charactersAtMost - last.length) + last;
}
