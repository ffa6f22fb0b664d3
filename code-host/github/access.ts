import type { Octokit } from 'octokit';
import { GraftError } from '../../contract/errors.ts';
import { isGranted, neededOfApp, suspended } from './app.ts';
import type { GithubClient, GithubRepository } from './client.ts';
import { isAnswer } from './errors.ts';
import { shownPermission } from './names.ts';

/**
 * Reads whether our identity may do in a repository what Graft does there, and writes nothing. Throws `not_found` without
 * such a repository, and `code_host_refused` with each missing permission and where to give it.
 */
export async function checkGithubAccess(client: GithubClient, name: string): Promise<void> {
  if (client.app !== undefined) await checkInstallation(client.app, name);
  const repository = await client.repository(name);
  const { octokit, at } = repository;
  const { data } = await octokit.request('GET /repos/{owner}/{repo}', at).catch((error: unknown) => {
    if (!isAnswer(error, 404)) throw error;
    const fix = 'Check the name, and that the token may reach it: its “Repository access” names it or all.';
    throw new GraftError('not_found', `GitHub shows our identity no repository ${name}. ${fix}`, { cause: error });
  });
  if (data.archived) {
    const message = `${name} is archived, so nothing can be written to it: unarchive it in its settings at GitHub.`;
    throw new GraftError('code_host_refused', message);
  }
  if (client.app !== undefined) return;
  if (data.permissions?.push !== true) {
    const message = `The owner of the token may not push to ${name}: give them the role “Write” under its “Collaborators and teams”.`;
    throw new GraftError('code_host_refused', message);
  }
  await checkToken(repository);
}

async function checkInstallation(app: NonNullable<GithubClient['app']>, name: string): Promise<void> {
  const installation = await app.installationOf(name).catch((error: unknown) => {
    if (!(error instanceof GraftError) || error.details.notInstalled !== true) throw error;
    throw new GraftError('code_host_refused', error.message, { cause: error.cause });
  });
  if (installation.isSuspended) throw suspended(installation);
  const missing = Object.entries(neededOfApp)
    .filter(([permission, level]) => !isGranted(installation.granted[permission], level))
    .map(([permission, level]) => `“${shownPermission(permission, level)}”`);
  if (missing.length === 0) return;
  throw new GraftError(
    'code_host_refused',
    `The GitHub App lacks ${missing.join(', ')} for ${name}: give it in the App's settings under “Permissions & events”, then accept it at ${installation.url}.`,
    { details: { missing } },
  );
}

/** A token does not say what it may do, so one cheap reading for each permission tells. */
async function checkToken({ octokit, at, name }: GithubRepository): Promise<void> {
  const probes: readonly (() => Promise<unknown>)[] = [
    () => octokit.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', { ...at, ref: 'heads/graft/' }),
    () => octokit.request('GET /repos/{owner}/{repo}/pulls', { ...at, per_page: 1 }),
    () => octokit.request('GET /repos/{owner}/{repo}/issues', { ...at, per_page: 1 }),
    () => octokit.request('GET /repos/{owner}/{repo}/actions/secrets/public-key', at),
    () => octokit.request('GET /repos/{owner}/{repo}/actions/variables', { ...at, per_page: 1 }),
    () => octokit.request('GET /repos/{owner}/{repo}/environments', { ...at, per_page: 1 }),
    () => readStatuses(octokit, at),
  ];
  const missing = new Set<string>();
  for (const probe of probes) {
    const lacked = await probe().then(() => undefined, missingPermission);
    if (lacked !== undefined) missing.add(lacked);
  }
  if (missing.size === 0) return;
  throw new GraftError(
    'code_host_refused',
    `The token lacks ${[...missing].join(', ')} for ${name}: give it under “Settings → Developer settings → Fine-grained tokens → Repository permissions”, with “Read and write” for Contents, Pull requests, Issues, Commit statuses, Secrets, Variables and Environments, and “Read-only” for Actions.`,
    { details: { missing: [...missing] } },
  );
}

async function readStatuses(octokit: Octokit, at: GithubRepository['at']): Promise<void> {
  await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/status', { ...at, ref: 'HEAD', per_page: 1 });
}

function missingPermission(error: unknown): string | undefined {
  // A repository that nothing was pushed to, or that has no issues.
  if ([404, 409, 410, 422].some((status) => isAnswer(error, status))) return undefined;
  if (!isAnswer(error, 403) || error.code !== 'code_host_refused') throw error;
  return String(error.details.missing || error.details.said);
}
