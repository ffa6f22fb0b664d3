import type { CommitCheck } from '../../contract/code-host.ts';
import type { GithubRepository } from './client.ts';
import { commentOnGithub } from './comments.ts';
import { commitId } from '../git-names.ts';
import { logBlock } from './log-text.ts';
import { lineOf, plainLine } from '../plain-text.ts';

const charactersOfDescription = 140;
// A comment has room for 65,536 in all.
const charactersOfLogs = 55_000;

const stateOf = {
  running: 'pending',
  passed: 'success',
  skipped: 'success',
  failed: 'failure',
  inconclusive: 'error',
  not_run: 'error',
} as const;

/** What a token can show of a validation, which may make no check runs: commit statuses, and one comment with the logs. */
export async function reportStatuses(
  repository: GithubRepository,
  number: number,
  commit: string,
  checks: readonly CommitCheck[],
): Promise<void> {
  const { octokit, at } = repository;
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/status', {
    ...at,
    ref: commitId(commit),
    per_page: 100,
  });
  for (const { id, verdict, summary } of checks) {
    const context = `graft/${id}`;
    const state = stateOf[verdict];
    const description = lineOf(verdict === 'skipped' ? `skipped: ${summary}` : summary, charactersOfDescription);
    const before = data.statuses.find((status) => status.context === context);
    if (before?.state === state && before.description === description) continue;
    const said = { sha: commit, context, state, description };
    await octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', { ...at, ...said });
  }
  await commentOnGithub(repository, number, 'checks', textOf(commit, checks));
}

function textOf(commit: string, checks: readonly CommitCheck[]): string {
  const rows = checks.map(({ name, verdict, summary }) => `| ${name} | ${verdict} | ${plainLine(summary, 300)} |\n`);
  const failed = checks.filter(({ verdict, log }) => verdict === 'failed' && log.trim() !== '');
  const logs = failed.map(
    ({ name, log }) =>
      `<details><summary>Log of ${name}</summary>\n\n${logBlock(log, Math.floor(charactersOfLogs / failed.length))}\n\n</details>\n`,
  );
  const table = `| Step | Verdict | |\n| --- | --- | --- |\n${rows.join('')}`;
  return [`Validation of ${commit.slice(0, 10)}\n`, table, ...logs].join('\n');
}
