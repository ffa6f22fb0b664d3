import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../cli/embedded/postgres.ts';
import { messageOf } from '../../contract/errors.ts';
import { migrateDatabase } from '../../db/migrate.ts';
import { createRoles } from '../../db/roles.ts';
import { bundleWorkflows } from '../../temporal/workflow-bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Origin of the server that starts, once for all forks, what tests ask for. */
    onDemand: string;
  }
}

export interface TemplateDatabase {
  /** The owner's connection string for the migrated database that suites clone. */
  url: string;
  passwords: { api: string; control: string };
}

/** Runs around the whole test run: what is expensive is made at the first request of any fork, and ended at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'graft-test-'));
  const ends: (() => Promise<void>)[] = [];
  const things: Record<string, () => Promise<unknown>> = {
    '/database': once(async (): Promise<TemplateDatabase> => {
      const options = { dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), throwaway: true };
      const server = await startPostgres(options);
      ends.push(() => server.stop());
      await migrateDatabase(server.url);
      const passwords = { api: 'test-api', control: 'test-control' };
      await createRoles(server.url, passwords);
      return { url: server.url, passwords };
    }),
    '/workflow-bundle': once(async () => {
      const codePath = join(folder, 'workflows.js');
      const { code } = await bundleWorkflows(fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)));
      await writeFile(codePath, code);
      return { codePath };
    }),
    '/package-managers': once(async () => {
      const managers = join(folder, 'package-managers');
      await mkdir(managers);
      return { folder: managers };
    }),
  };
  const server = createServer((request, response) => {
    const make = things[request.url ?? ''] ?? (() => Promise.reject(new Error(`Nothing is made at ${request.url}.`)));
    make().then(
      (thing) => response.end(JSON.stringify(thing)),
      (error: unknown) => response.writeHead(500).end(messageOf(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('onDemand', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
