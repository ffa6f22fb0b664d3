import type { Client } from '@temporalio/client';
import type { Express } from 'express';
import { sql } from 'drizzle-orm';
import type { Database } from '../../db/connect.ts';
import type { Dependencies } from '../dependencies.ts';

/** `/healthz`: the process runs. `/readyz`: database and Temporal answer, else 503 that names which does not. */
export function health(app: Express, { database, temporal, closing }: Dependencies): void {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const [databaseAnswers, temporalAnswers] = await Promise.all([
      answers(pingDatabase(database)),
      answers(pingTemporal(temporal)),
    ]);
    const ready = databaseAnswers && temporalAnswers && !closing.aborted;
    if (!ready) response.set('Retry-After', '5');
    response.status(ready ? 200 : 503).json({ ready, database: databaseAnswers, temporal: temporalAnswers });
  });
}

async function pingDatabase(database: Database): Promise<void> {
  await database.execute(sql`select 1`);
}

async function pingTemporal(temporal: Client): Promise<void> {
  await temporal.withDeadline(Date.now() + 2000, () => temporal.connection.workflowService.getSystemInfo({}));
}

/** The reason does not matter to whoever asks; the part's own log has it. */
async function answers(ping: Promise<void>): Promise<boolean> {
  return ping.then(
    () => true,
    () => false,
  );
}
