import { z } from 'zod';
import type { NewDelivery } from '../db/queries/deliveries.ts';
import { parse } from './parse.ts';

/** Actions of the events that can move a workflow on; an event with others is acknowledged and forgotten. */
const actionsThatMatter: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'edited', 'closed', 'reopened', 'synchronize', 'ready_for_review', 'converted_to_draft'],
  issue_comment: ['created', 'edited'],
};

const line = z.string().regex(/^[^\p{Cc}]{1,1000}$/u, 'Send one line of text.');
const Repository = z.object({ full_name: line });
const number = z
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

const Push = z.object({ ref: line, repository: Repository });
const Action = z.object({ action: line });
const AboutPullRequest = z.object({ repository: Repository, pull_request: z.object({ number }) });
const AboutIssue = z.object({
  repository: Repository,
  issue: z.object({ number, pull_request: z.unknown().optional() }),
});

/**
 * What routing needs of an event's payload, undefined when it can matter to no workflow; throws `invalid_request` for a
 * payload that is none of that event.
 */
export function readDelivery(id: string, event: string, payload: unknown): NewDelivery | undefined {
  if (event === 'push') {
    const { ref, repository } = parse(Push, payload);
    const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
    if (branch === undefined) return undefined;
    return { id, event, action: '', repository: repository.full_name, branch, number: null };
  }
  const known = actionsThatMatter[event];
  if (known === undefined) return undefined;
  const { action } = parse(Action, payload);
  if (!known.includes(action)) return undefined;
  if (event === 'pull_request') {
    const { repository, pull_request: pullRequest } = parse(AboutPullRequest, payload);
    return { id, event, action, repository: repository.full_name, branch: null, number: pullRequest.number };
  }
  const { repository, issue } = parse(AboutIssue, payload);
  if (issue.pull_request === undefined) return undefined;
  return { id, event, action, repository: repository.full_name, branch: null, number: issue.number };
}
