import { createLocalCodeHost } from '../code-host/local.ts';
import { createLocalValues } from '../code-host/local-values.ts';
import { GraftError } from '../contract/errors.ts';
import type { ControlEnvironment } from './control-env.ts';
import type { ControlDependencies } from './dependencies.ts';

/** The code hosts that this worker has an identity for; whoever reaches for another gets `code_host_refused`. */
export function connectCodeHosts({
  GRAFT_REPOSITORIES: repositories,
  GRAFT_VALUES: values,
}: ControlEnvironment): Pick<ControlDependencies, 'codeHosts' | 'values'> {
  return {
    codeHosts: {
      local: createLocalCodeHost({ root: repositories, url: reviewCommand }),
      get github(): never {
        throw noGithub();
      },
    },
    values: {
      local: createLocalValues(values),
      get github(): never {
        throw noGithub();
      },
    },
  };
}

/** On the local code host a pull request is looked at with a command. */
function reviewCommand({ branch }: { branch: string }): string {
  return `npm run review -- ${branch.slice(branch.lastIndexOf('/') + 1)}`;
}

function noGithub(): GraftError {
  return new GraftError(
    'code_host_refused',
    'The control worker has no identity at GitHub: set GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE.',
  );
}
