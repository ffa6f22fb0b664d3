import type { Octokit } from 'octokit';
import type { Snapshot } from '../../contract/codegen.ts';
import { GraftError } from '../../contract/errors.ts';
import { BoundedCache } from './bounded-cache.ts';
import { AppTokens, asApp } from './app.ts';
import { isAnswer } from './errors.ts';
import { repositoryAt } from './names.ts';
import { type Conditional, type MadeRequest, makeOctokit } from './octokit.ts';

const mebibyte = 1024 ** 2;

export type GithubIdentity =
  | { kind: 'token'; token: string }
  | {
      kind: 'app';
      appId: string;
      /** PEM. */
      privateKey: string;
    };

export interface GithubClientOptions {
  /** `https://api.github.com`, or `https://<host>/api/v3` of a GitHub Enterprise Server. */
  apiUrl: string;
  identity: GithubIdentity;
  /** 32 bytes that only we know: they mark our commits. */
  markKey: Uint8Array;
  onRequest?: (made: MadeRequest) => void;
}

/** What is worth remembering: all but the last never changes, and is named by a git id. */
interface Kept {
  snapshots: BoundedCache<Snapshot>;
  /** Tree of a commit, common ancestor of two, whether the commits between two are ours: short texts. */
  facts: BoundedCache<string>;
  /** Default branch by repository: asked for often, changed hardly ever. */
  defaultBranches: Map<string, { branch: string; readAt: number }>;
}

/** One repository at GitHub, and who we are there. */
export interface GithubRepository {
  /** `owner/name`, as it was asked for. */
  name: string;
  at: { owner: string; repo: string };
  octokit: Octokit;
  kind: GithubIdentity['kind'];
  /** Our own login, as it stands at our comments. */
  login(): Promise<string>;
  markKey: Uint8Array;
  kept: Kept;
}

export interface GithubClient {
  /** Throws `invalid_request` for no name of a repository, `not_found` when our App is not installed on it. */
  repository(name: string): Promise<GithubRepository>;
  /** Undefined with a token. */
  app: AppTokens | undefined;
  /** Login of the token's owner, or of the App's bot. */
  login(): Promise<string>;
}

/** Requests to GitHub as one identity, with what is worth remembering between them. */
export function createGithubClient({ apiUrl, identity, markKey, onRequest }: GithubClientOptions): GithubClient {
  const conditional = new BoundedCache<Conditional>(32 * mebibyte);
  const kept: Kept = {
    snapshots: new BoundedCache(192 * mebibyte),
    facts: new BoundedCache(4 * mebibyte),
    defaultBranches: new Map(),
  };
  const settings =
    identity.kind === 'app'
      ? 'Give it in the settings of the GitHub App under “Permissions & events”, and accept it where the App is installed.'
      : 'Give it where the token was made, under “Settings → Developer settings → Personal access tokens”.';
  const octokitFor = (auth: Parameters<typeof makeOctokit>[0]['auth']): Octokit =>
    makeOctokit({ apiUrl, conditional, settings, onRequest, auth });

  if (identity.kind === 'token') {
    const octokit = octokitFor({ auth: identity.token });
    let login: Promise<string> | undefined;
    const ownLogin = async (): Promise<string> => {
      login ??= octokit.request('GET /user').then(({ data }) => data.login);
      login.catch(() => (login = undefined));
      return await login;
    };
    return {
      app: undefined,
      login: ownLogin,
      async repository(name) {
        return { name, at: repositoryAt(name), octokit, kind: 'token', login: ownLogin, markKey, kept };
      },
    };
  }

  const app = new AppTokens(octokitFor(asApp(identity)));
  const octokits = new WeakMap<object, Octokit>();
  return {
    app,
    login: async () => `${(await app.describe()).slug}[bot]`,
    async repository(name) {
      const at = repositoryAt(name);
      const token = await app.tokenFor(name);
      const octokit = octokits.get(token) ?? forgetting(octokitFor({ auth: token.token }), app, name);
      octokits.set(token, octokit);
      return { name, at, octokit, kind: 'app', login: async () => `${token.slug}[bot]`, markKey, kept };
    },
  };
}

/** GitHub has just given us the token: that it does not take it passes, with another one if need be. */
function forgetting(octokit: Octokit, app: AppTokens, repository: string): Octokit {
  octokit.hook.error('request', (error) => {
    if (!isAnswer(error, 401)) throw error;
    app.forget(repository);
    throw new GraftError('unavailable', 'GitHub does not take the token that it gave us; the next try takes another.', {
      cause: error.cause,
      retryAfterSeconds: 2,
    });
  });
  return octokit;
}
