import type { Express } from 'express';
import { countInstallations } from '../../db/queries/installations.ts';
import type { Dependencies } from '../dependencies.ts';
import type { RequestCounts } from '../count-requests.ts';

/** `/metrics`: installations by status and answered requests, as Prometheus reads them. */
export function metrics(app: Express, { database }: Dependencies, counts: RequestCounts): void {
  app.get('/metrics', async (_request, response) => {
    const installations = await countInstallations(database);
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
