import type { PersonsRequest } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { commandIn } from '../commands.ts';
import type { GithubRepository } from './client.ts';
import { type GithubComment, bodyOf, commentOnGithub, findOwn, listComments } from './comments.ts';
import { absentAtGithub } from './errors.ts';
import { getPull } from './pull-request.ts';
import { tickedIn, untick } from './tick-boxes.ts';

const boxPrefix = 'box:';
/** GitHub does not say who ticked a box; only those who may write can. */
const whoTicks = 'somebody with write access';

/** Commands in comments of people without an answer of ours, and ticked boxes of the text, the oldest first. */
export async function readGithubRequests(
  repository: GithubRepository,
  number: number,
): Promise<readonly PersonsRequest[]> {
  const comments = await listComments(repository, number);
  const mayWrite = new Map<string, Promise<boolean>>();
  const requests: PersonsRequest[] = [];
  for (const comment of comments) {
    const command = comment.isBot ? undefined : commandIn(comment.text);
    if (command === undefined || (await isAnswered(repository, comments, comment))) continue;
    const asked = mayWrite.get(comment.by) ?? readMayWrite(repository, comment.by);
    mayWrite.set(comment.by, asked);
    requests.push({ id: String(comment.id), command, by: comment.by, allowed: await asked });
  }
  const ticked = tickedIn(bodyOf(await getPull(repository, number)));
  return [...requests, ...ticked.map((command) => ({ id: boxPrefix + command, command, by: whoTicks, allowed: true }))];
}

/** Answers by a comment; a box is unticked after that. */
export async function answerGithubRequest(
  repository: GithubRepository,
  number: number,
  request: string,
  text: string,
): Promise<void> {
  await commentOnGithub(repository, number, answerKey(request), text);
  if (!request.startsWith(boxPrefix)) return;
  const body = bodyOf(await getPull(repository, number));
  const command = tickedIn(body).find((each) => boxPrefix + each === request);
  if (command === undefined) return;
  const { octokit, at } = repository;
  const next = { pull_number: number, body: untick(body, command) };
  await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', { ...at, ...next });
}

function answerKey(request: string): string {
  if (/^\d+$/.test(request) || request.startsWith(boxPrefix)) return `answer:${request}`;
  throw new GraftError('internal', `${JSON.stringify(request)} is no request that was read at GitHub.`);
}

async function isAnswered(
  repository: GithubRepository,
  comments: readonly GithubComment[],
  { id, by, text }: GithubComment,
): Promise<boolean> {
  // With a token its owner comments under our name: what carries a marker is ours all the same.
  if (/<!-- graft:\S+ -->$/.test(text) && by === (await repository.login())) return true;
  return (await findOwn(repository, comments, answerKey(String(id)))) !== undefined;
}

async function readMayWrite({ octokit, at }: GithubRepository, username: string): Promise<boolean> {
  const found = await octokit
    .request('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { ...at, username })
    .catch(absentAtGithub);
  return ['admin', 'maintain', 'write'].includes(found?.data.permission ?? '');
}
