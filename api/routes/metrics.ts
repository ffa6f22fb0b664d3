import type { Express } from 'express';
import { countDrifted } from '../../db/queries/drift.ts';
import { countInstallations } from '../../db/queries/installations.ts';
import type { Dependencies } from '../dependencies.ts';
import type { RequestCounts } from '../count-requests.ts';

/** `/metrics`: installations by status, drift and answered requests, as Prometheus reads them. */
export function metrics(app: Express, { database }: Dependencies, counts: RequestCounts): void {
  app.get('/metrics', async (_request, response) => {
    const installations = await countInstallations(database);
    const drifted = await countDrifted(database);
    const lines = [
      '# HELP graft_installations Installations by status and environment.',
      '# TYPE graft_installations gauge',
      ...installations.map(
        (row) => `graft_installations{status="${row.status}",environment="${row.environment}"} ${row.all}`,
      ),
      '# HELP graft_installations_waiting Installations that wait for people.',
      '# TYPE graft_installations_waiting gauge',
      ...installations.map(
        (row) => `graft_installations_waiting{status="${row.status}",environment="${row.environment}"} ${row.waiting}`,
      ),
      '# HELP graft_installations_drifted Installations of which something that was merged is missing.',
      '# TYPE graft_installations_drifted gauge',
      ...drifted.map((row) => `graft_installations_drifted{environment="${row.environment}"} ${row.drifted}`),
      '# HELP graft_http_requests_total Answered requests by method, route and status.',
      '# TYPE graft_http_requests_total counter',
      ...counts
        .read()
        .map(
          ({ method, route, status, count }) =>
            `graft_http_requests_total{method="${method}",route="${route}",status="${status}"} ${count}`,
        ),
    ];
    response.type('text/plain; version=0.0.4').send(`${lines.join('\n')}\n`);
  });
}
