import type { PersonsRequest } from '../../contract/code-host.ts';
import { commandIn } from '../commands.ts';
import { rewriteLocalPullRequest } from './pull-request.ts';
import { readPull } from './record.ts';

/** Key of our answer to a request. */
export const answerKey = (request: string): string => `answer:${request}`;

/** Says something at a pull request of a repository folder, or says it anew where it was said with this key before. */
export async function commentOnce(repository: string, number: number, key: string, text: string): Promise<void> {
  await rewriteLocalPullRequest(repository, number, ({ comments }) => {
    const said = { by: 'graft', text, key } as const;
    const isSaid = comments.some((comment) => comment.key === key);
    return {
      comments: isSaid ? comments.map((comment) => (comment.key === key ? said : comment)) : [...comments, said],
    };
  });
}

/** Commands in comments of reviewers that have no answer yet; whoever reaches the repository may write to it. */
export async function readLocalRequests(repository: string, number: number): Promise<readonly PersonsRequest[]> {
  const { comments } = (await readPull(repository, number)).pull.record;
  const answered = new Set(comments.map(({ key }) => key));
  return comments.flatMap(({ by, text }, at) => {
    const command = by === 'reviewer' ? commandIn(text) : undefined;
    const id = `comment-${at + 1}`;
    return command === undefined || answered.has(answerKey(id)) ? [] : [{ id, command, by, allowed: true }];
  });
}
