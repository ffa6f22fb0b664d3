import { hkdfSync } from 'node:crypto';
import { createGithubClient } from '../code-host/github/client.ts';
import { readGithubIdentity } from '../code-host/github/identity.ts';
import { createGithubCodeHost } from '../code-host/github/index.ts';
import { createGithubValues } from '../code-host/github/values.ts';
import { createLocalCodeHost } from '../code-host/local/index.ts';
import { createLocalValues } from '../code-host/local/values.ts';
import type { CodeHost, ValuePublisher } from '../contract/code-host.ts';
import { GraftError } from '../contract/errors.ts';
import type { SealingKeys } from '../vault/open.ts';
import type { ControlEnvironment } from './control-env.ts';
import type { ControlDependencies } from './dependencies.ts';

/** The code hosts that this worker has an identity for; whoever reaches for another gets `code_host_refused`. */
export async function connectCodeHosts(
  environment: ControlEnvironment,
  sealing: SealingKeys,
): Promise<Pick<ControlDependencies, 'codeHosts' | 'values'>> {
  const github = await connectGithub(environment, sealing);
  return {
    codeHosts: {
      local: createLocalCodeHost({ root: environment.GRAFT_REPOSITORIES, url: reviewCommand }),
      get github() {
        return github?.host ?? noGithub();
      },
    },
    values: {
      local: createLocalValues(environment.GRAFT_VALUES),
      get github() {
        return github?.values ?? noGithub();
      },
    },
  };
}

async function connectGithub(
  environment: ControlEnvironment,
  sealing: SealingKeys,
): Promise<{ host: CodeHost; values: ValuePublisher } | undefined> {
  const identity = await readGithubIdentity(environment);
  if (identity === undefined) return undefined;
  // Derived, so that no other key file is to be kept: every control worker of an installation has the same.
  const markKey = new Uint8Array(hkdfSync('sha256', sealing.privateKey, '', 'graft commit mark 1', 32));
  const client = createGithubClient({ apiUrl: environment.GITHUB_API_URL, identity, markKey });
  return { host: createGithubCodeHost(client), values: createGithubValues(client) };
}

/** On the local code host a pull request is looked at with a command. */
function reviewCommand({ branch }: { branch: string }): string {
  return `npm run review -- ${branch.slice(branch.lastIndexOf('/') + 1)}`;
}

function noGithub(): never {
  throw new GraftError(
    'code_host_refused',
    'The control worker has no identity at GitHub: set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE.',
  );
}
