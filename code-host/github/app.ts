import { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from 'octokit';
import { GraftError } from '../../contract/errors.ts';
import { isAnswer } from './errors.ts';
import { repositoryAt } from './names.ts';

/** The least that Graft needs of an App in a repository, as GitHub's API names permissions. */
export const neededOfApp = {
  metadata: 'read',
  contents: 'write',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  actions: 'read',
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
} as const;

/** The webhooks that wake workflows: GitHub delivers no others to an App than it subscribed to. */
export const webhooksOfApp = ['push', 'pull_request', 'issue_comment'] as const;

// A request may wait in a queue, and the clocks of two machines differ.
const renewedBeforeItsEnd = 5 * 60_000;

export interface Installation {
  id: number;
  /** Name of the App in addresses and in the login of its bot. */
  slug: string;
  /** Where a person changes what it may do, and where. */
  url: string;
  isSuspended: boolean;
  /** Permissions as granted by who installed it. */
  granted: Readonly<Record<string, string>>;
}

export interface InstallationToken {
  token: string;
  slug: string;
}

/** Tokens of a GitHub App, one for each repository: for it alone, with the least permissions, renewed before it ends. */
export class AppTokens {
  readonly #app: Octokit;
  readonly #made = new Map<string, Promise<InstallationToken & { endsAt: number }>>();

  /** `app` speaks as the App itself. */
  constructor(app: Octokit) {
    this.#app = app;
  }

  /** The App itself: its name in addresses, its page, and what it asks for where it is installed. */
  async describe(): Promise<{ slug: string; url: string; permissions: Readonly<Record<string, string>> }> {
    const { data } = await this.#app.request('GET /app');
    if (data?.slug === undefined) throw new GraftError('unavailable', 'GitHub did not say which App we are.');
    const permissions = data.permissions as Readonly<Record<string, string>>;
    return { slug: data.slug, url: data.html_url, permissions };
  }

  async tokenFor(repository: string): Promise<InstallationToken> {
    const key = repository.toLowerCase();
    const known = this.#made.get(key);
    if (known !== undefined && (await known).endsAt - renewedBeforeItsEnd > Date.now()) return await known;
    // Of many that find it ended at once, one asks for another.
    const asked = this.#made.get(key);
    if (asked !== undefined && asked !== known) return await asked;
    const making = this.#make(repository);
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key));
    return await making;
  }

  /** Forgets a token that GitHub does not take any more. */
  forget(repository: string): void {
    this.#made.delete(repository.toLowerCase());
  }

  /** The installation that covers a repository; throws `not_found` when none does. */
  async installationOf(repository: string): Promise<Installation> {
    try {
      const { data } = await this.#app.request('GET /repos/{owner}/{repo}/installation', repositoryAt(repository));
      return {
        id: data.id,
        slug: data.app_slug,
        url: data.html_url,
        isSuspended: data.suspended_at !== null,
        granted: data.permissions as Readonly<Record<string, string>>,
      };
    } catch (error) {
      if (!isAnswer(error, 404)) throw error;
      throw await this.#notInstalled(repository, error);
    }
  }

  async #make(repository: string): Promise<InstallationToken & { endsAt: number }> {
    const installation = await this.installationOf(repository);
    if (installation.isSuspended) throw suspended(installation);
    const asked = Object.entries(neededOfApp).filter(([name, level]) => isGranted(installation.granted[name], level));
    const wish = {
      installation_id: installation.id,
      repositories: [repositoryAt(repository).repo],
      permissions: Object.fromEntries(asked),
    };
    const { data } = await this.#app
      .request('POST /app/installations/{installation_id}/access_tokens', wish)
      .catch((error: unknown) => {
        if (!isAnswer(error, 404) && !isAnswer(error, 422)) throw error;
        // An old name leads to where the App is installed, but is none of its repositories.
        const message = `GitHub gives the App no token for ${repository}, where it is installed: was the repository renamed? Give it this name back, then retry.`;
        throw new GraftError('code_host_refused', message, { cause: error });
      });
    return { token: data.token, slug: installation.slug, endsAt: Date.parse(data.expires_at) };
  }

  /** GitHub says 404 to both; where the owner has the App, the repository is not among the chosen ones or not there. */
  async #notInstalled(repository: string, cause: unknown): Promise<GraftError> {
    const { owner } = repositoryAt(repository);
    const atOwner = await this.#app
      .request('GET /users/{username}/installation', { username: owner })
      .then(({ data }) => data)
      .catch((error: unknown) => {
        if (isAnswer(error, 404)) return undefined;
        throw error;
      });
    if (atOwner !== undefined) {
      const message = `There is no repository ${repository} that the GitHub App reaches: check the name, or add it to the App's repositories at ${atOwner.html_url}.`;
      // Where the App reaches all that the owner has, this is none of it.
      return new GraftError('not_found', message, {
        cause,
        details: { isGone: atOwner.repository_selection === 'all' },
      });
    }
    const { data } = await this.#app.request('GET /app');
    const page = data === null ? '' : ` at ${data.html_url}`;
    const message = `The GitHub App is not installed for ${owner}: install it${page} and choose ${repository}.`;
    return new GraftError('not_found', message, { cause, details: { notInstalled: true } });
  }
}

/** As octokit takes it: signs as the App itself, with its private key. */
export function asApp({ appId, privateKey }: { appId: string; privateKey: string }) {
  return { authStrategy: createAppAuth, auth: { appId, privateKey } };
}

/** Does what was granted hold what is needed? */
export function isGranted(granted: string | undefined, needed: string): boolean {
  return granted !== undefined && (granted === needed || granted !== 'read');
}

export function suspended({ url }: Installation): GraftError {
  return new GraftError('code_host_refused', `The installation of the GitHub App is suspended: resume it at ${url}.`);
}
