import type { CommitCheck } from '../../contract/code-host.ts';
import type { GithubRepository } from './client.ts';
import { logBlock } from './log-text.ts';
import { lineOf, plainLine } from '../plain-text.ts';
import { commitId } from '../git-names.ts';

const charactersAtMost = 65_535;

const conclusionOf = {
  passed: 'success',
  failed: 'failure',
  inconclusive: 'neutral',
  skipped: 'skipped',
  // A neutral one would satisfy a rule that asks for it.
  not_run: 'cancelled',
} as const;

/** One check run for each step, found again by its name for us; what says the same already is left as it is. */
export async function reportCheckRuns(
  repository: GithubRepository,
  commit: string,
  checks: readonly CommitCheck[],
): Promise<void> {
  const { octokit, at } = repository;
  const known = await octokit.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...at,
    ref: commitId(commit),
    filter: 'latest',
    per_page: 100,
  });
  for (const check of checks) {
    const said = runOf(check);
    const before = known.find((run) => run.external_id === said.external_id && run.name === said.name);
    if (before !== undefined && saysTheSame(before, said)) continue;
    // One that is complete does not run again: another takes its place.
    if (before === undefined || (before.status === 'completed' && check.verdict === 'running')) {
      await octokit.request('POST /repos/{owner}/{repo}/check-runs', { ...at, head_sha: commit, ...said });
    } else {
      const which = { ...at, check_run_id: before.id };
      await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...which, ...said });
    }
  }
}

type Said = ReturnType<typeof runOf>;

function runOf({ id, name, verdict, summary, log }: CommitCheck) {
  const output = {
    // The title is shown as it is, the summary as Markdown.
    title: lineOf(summary, 255) || name,
    summary: plainLine(summary, 1000),
    ...(log.trim() !== '' && { text: logBlock(log, charactersAtMost) }),
  };
  const said = { name: `graft / ${name}`, external_id: `graft/${id}`, output };
  return verdict === 'running'
    ? { ...said, status: 'in_progress' as const }
    : { ...said, status: 'completed' as const, conclusion: conclusionOf[verdict] };
}

function saysTheSame(
  run: {
    status: string;
    conclusion: string | null;
    output: { title: string | null; summary: string | null; text: string | null };
  },
  said: Said,
): boolean {
  const { title, summary, text = null } = said.output;
  const conclusion = 'conclusion' in said ? said.conclusion : null;
  return (
    run.status === said.status &&
    run.conclusion === conclusion &&
    run.output.title === title &&
    run.output.summary === summary &&
    run.output.text === text
  );
}
