import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createAppRepository, revision, templates } from '../../cli/demo/app-repository.ts';
import { GraftClient, type InstallationView } from '../../cli/demo/graft-client.ts';
import type { Stack } from '../../cli/embedded/stack.ts';
import { closeDatabase, connectDatabase } from '../../db/connect.ts';
import { createToken } from '../../db/queries/tokens.ts';

/** A person with a clone of the app's repository. */
export interface Clone {
  read(file: string): string;
  write(file: string, text: string): void;
  git(...parameters: string[]): string;
  remove(): void;
}

/** One real Expo app on a stack: the API as its owner uses it, and its repository. */
export interface AppOnStack {
  client: GraftClient;
  project: string;
  repository: string;
  name: string;
  /** Tree id of the base now. */
  tree(): Promise<string>;
  install(body: Record<string, unknown>): Promise<string>;
  read(installation: string): Promise<InstallationView>;
  send(installation: string, method: 'POST' | 'DELETE', action: string, body?: unknown): Promise<unknown>;
  /** Polls until the installation is as wanted; fails early when it ends another way. */
  until(installation: string, wanted: (view: InstallationView) => boolean, seconds?: number): Promise<InstallationView>;
  clone(): Clone;
}

const ended = ['removed', 'failed', 'declined', 'expired', 'aborted'];

/** Puts one of Expo's templates into a repository of the stack and registers it. */
export async function createApp(stack: Stack, name: string, template: string = templates.blank): Promise<AppOnStack> {
  const repository = join(stack.repositories, `${name}.git`);
  await createAppRepository(repository, name, template);
  const database = connectDatabase(stack.databaseUrl, { connections: 1 });
  const scopes = ['read', 'write', 'admin'] as const;
  const { token } = await createToken(database, { name, scopes: [...scopes], project: null });
  await closeDatabase(database);
  const client = new GraftClient(stack.apiUrl, token);
  const { id: project } = await client.request<{ id: string }>('POST', '/projects', {
    name,
    codeHost: 'local',
    repository: name,
  });
  const path = (installation: string) => `/projects/${project}/connectors/${installation}`;

  const app: AppOnStack = {
    client,
    project,
    repository,
    name,
    tree: () => revision(repository, 'main^{tree}'),
    async install(body) {
      const { id } = await client.request<{ id: string }>('POST', `/projects/${project}/connectors`, {
        connector: 'stripe',
        environment: 'development',
        ...body,
      });
      return id;
    },
    read: (installation) => client.request<InstallationView>('GET', path(installation)),
    send: (installation, method, action, body) => client.request(method, path(installation) + action, body),
    async until(installation, wanted, seconds = 420) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const view = await app.read(installation);
        if (wanted(view)) return view;
        const over = ended.includes(view.status) || Date.now() > end;
        if (over)
          expect.fail(`${installation} is ${view.status}: ${view.message ?? JSON.stringify(view.needsAttention)}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    clone() {
      const folder = mkdtempSync(join(tmpdir(), 'graft-clone-'));
      const git = (...parameters: string[]) =>
        execFileSync('git', ['-c', 'user.name=Person', '-c', 'user.email=person@localhost', ...parameters], {
          cwd: folder,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      git('clone', '--quiet', repository, '.');
      return {
        read: (file) => readFileSync(join(folder, file), 'utf8'),
        write: (file, text) => writeFileSync(join(folder, file), text),
        git,
        remove: () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  };
  return app;
}

/** Well-formed made-up keys; a word in them decides how the simulator answers. */
export function stripeKeys(word: string): { publishableKey: string; secretKey: string } {
  const tail = `${word}${'Q7x2'.repeat(5)}`;
  return { publishableKey: ['pk', 'test', tail].join('_'), secretKey: ['sk', 'test', tail].join('_') };
}
