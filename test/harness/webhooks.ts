import { createHmac, randomUUID } from 'node:crypto';

/** Made up, and long enough to be taken. */
export const webhookSecret = 'made-up-webhook-secret';

export interface GithubEvent {
  event: string;
  payload: unknown;
  /** A new one unless given. */
  id?: string;
  secret?: string;
}

/** A delivery as GitHub sends it: the body's exact bytes, and the headers that sign and name it. */
export function signedDelivery({ event, payload, id = randomUUID(), secret = webhookSecret }: GithubEvent): {
  method: 'POST';
  headers: Record<string, string>;
  body: string;
} {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'GitHub-Hookshot/made-up',
      'X-GitHub-Delivery': id,
      'X-GitHub-Event': event,
      'X-Hub-Signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  };
}

/** Payload of a push to a branch, with what routing needs and something besides. */
export function push(repository: string, branch: string): GithubEvent {
  const payload = { ref: `refs/heads/${branch}`, repository: { full_name: repository }, sender: { login: 'mona' } };
  return { event: 'push', payload };
}

/** Payload of an event about a pull request. */
export function pullRequest(repository: string, number: number, action: string): GithubEvent {
  const payload = {
    action,
    number,
    pull_request: { number, title: 'Add Stripe' },
    repository: { full_name: repository },
  };
  return { event: 'pull_request', payload };
}

/** Payload of a comment at a pull request, or at an issue. */
export function comment(
  repository: string,
  number: number,
  at: 'pull request' | 'issue' = 'pull request',
): GithubEvent {
  const issue = { number, ...(at === 'issue' ? {} : { pull_request: { url: 'https://api.example.com/pulls' } }) };
  const payload = {
    action: 'created',
    issue,
    comment: { body: '/graft retry' },
    repository: { full_name: repository },
  };
  return { event: 'issue_comment', payload };
}
