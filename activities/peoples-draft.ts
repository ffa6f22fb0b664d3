import type { CodeHost, PullRequest, PullRequestText, RepositoryName } from '../contract/code-host.ts';

/** First words of a text with which we made a pull request a draft: something is unproven, or its head not validated yet. */
export const draftReason = '> **This is a draft:**';
export const notValidated = '> **Not validated yet:**';

/** Said with the latter where people had made it a draft before. */
export const staysDraft = 'It stays a draft after that, as somebody made it one.';

/** Is a pull request a draft because people want it to be? What we make a draft says why in its text. */
export function isPeoplesDraft({ draft, body }: Pick<PullRequest, 'draft' | 'body'>): boolean {
  return draft && (body.includes(notValidated) ? body.includes(staysDraft) : !body.includes(draftReason));
}

/** Writes a pull request's text again and gives what is true then; where people made it a draft it stays one. */
export async function rewriteText(
  host: CodeHost,
  repository: RepositoryName,
  number: number,
  text: PullRequestText,
): Promise<PullRequest> {
  const draft = text.draft || isPeoplesDraft(await host.readPullRequest(repository, number));
  await host.updatePullRequest(repository, number, { ...text, draft });
  return host.readPullRequest(repository, number);
}
