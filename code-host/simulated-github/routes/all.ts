import type { Route } from '../server/call.ts';
import { tarballRoutes } from '../server/codeload.ts';
import { checkRunRoutes } from './check-runs.ts';
import { commentRoutes } from './comments.ts';
import { commitRoutes } from './commits.ts';
import { environmentRoutes } from './environments.ts';
import { gitBlobRoutes } from './git-blobs.ts';
import { gitCommitRoutes } from './git-commits.ts';
import { gitTreeRoutes } from './git-trees.ts';
import { identityRoutes } from './identity.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergeRoutes } from './merges.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repositories.ts';
import { secretRoutes } from './secrets.ts';
import { statusRoutes } from './statuses.ts';
import { variableRoutes } from './variables.ts';

/** Every route of the REST API that the simulator speaks. */
export const allRoutes: readonly Route[] = [
  ...identityRoutes,
  ...repositoryRoutes,
  ...refRoutes,
  ...gitCommitRoutes,
  ...gitTreeRoutes,
  ...gitBlobRoutes,
  ...commitRoutes,
  ...tarballRoutes,
  ...mergeRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...checkRunRoutes,
  ...statusRoutes,
  ...environmentRoutes,
  ...secretRoutes,
  ...variableRoutes,
];
