import express, { type Express } from 'express';
import { GraftError } from '../contract/errors.ts';
import { authenticate } from './authenticate.ts';
import { countRequests } from './count-requests.ts';
import type { Dependencies } from './dependencies.ts';
import { problems } from './problem.ts';
import { readBody } from './read-body.ts';
import { requestId } from './request-id.ts';
import { abortInstallation } from './routes/abort.ts';
import { createInstallation } from './routes/create-installation.ts';
import { createPlan } from './routes/create-plan.ts';
import { createProject } from './routes/create-project.ts';
import { getOneConnector } from './routes/get-connector.ts';
import { describeGithubApp } from './routes/github-app.ts';
import { githubCallback } from './routes/github-callback.ts';
import { getOneInstallation } from './routes/get-installation.ts';
import { getPlan } from './routes/get-plan.ts';
import { getOneProject } from './routes/get-project.ts';
import { health } from './routes/health.ts';
import { listConnectors } from './routes/list-connectors.ts';
import { listProjectInstallations } from './routes/list-installations.ts';
import { listAllProjects } from './routes/list-projects.ts';
import { metrics } from './routes/metrics.ts';
import { receiveWebhook } from './routes/receive-webhook.ts';
import { removeInstallation } from './routes/remove-installation.ts';
import { replaceCredentials } from './routes/replace-credentials.ts';
import { retryInstallation } from './routes/retry.ts';
import { streamEvents } from './routes/stream-events.ts';
import { testConnector } from './routes/test-connector.ts';
import { testInstallation } from './routes/test-installation.ts';
import { updateInstallation } from './routes/update-installation.ts';

const routes = [
  listConnectors,
  getOneConnector,
  testConnector,
  createProject,
  listAllProjects,
  getOneProject,
  createPlan,
  createInstallation,
  listProjectInstallations,
  getOneInstallation,
  getPlan,
  streamEvents,
  updateInstallation,
  removeInstallation,
  testInstallation,
  replaceCredentials,
  retryInstallation,
  abortInstallation,
  describeGithubApp,
];
/** Called by GitHub and by browsers that come from there, which have no token: each proves itself otherwise. */
const routesWithoutToken = [receiveWebhook, githubCallback];

/** The whole HTTP api: `/api/v1` behind tokens, health and metrics beside it, every error a problem document. */
export function createApp(dependencies: Dependencies): Express {
  const { database, log } = dependencies;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  const counts = countRequests(log);
  app.use(requestId, counts.handler);
  app.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  health(app, dependencies);
  metrics(app, dependencies, counts);

  const open = express.Router();
  for (const route of routesWithoutToken) route(open, dependencies);
  app.use('/api/v1', open);

  const router = express.Router();
  router.use(authenticate(database), ...readBody);
  for (const route of routes) route(router, dependencies);
  app.use('/api/v1', router);

  app.use(() => {
    throw new GraftError('not_found', 'There is nothing here; the routes begin with /api/v1.');
  });
  app.use(problems(log));
  return app;
}
