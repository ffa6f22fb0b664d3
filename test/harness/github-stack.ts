import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { neededOfApp, webhooksOfApp } from '../../code-host/github/app.ts';
import type { PipelineReport } from '../../contract/pipeline.ts';
import { stripeKeys } from './app-on-stack.ts';
import { type ControlledApi, passedReport, startControlledApi } from './control.ts';
import { type GithubUnderTest, startGithubUnderTest } from './simulated-github.ts';
import { smallApp } from './small-app.ts';
import { webhookSecret } from './webhooks.ts';

const owner = 'acme';

interface View {
  status: string;
  message: string | null;
  needsAttention: { reason: string; message: string } | null;
  pullRequest: { number: number; state: string; draft: boolean; url: string } | null;
}

/** An app at the simulated GitHub, as its maintainer and the users of the api see it. */
export interface AppAtGithub {
  /** `owner/name`. */
  repository: string;
  project: string;
  /** Gives the installation's id. */
  install(more?: Record<string, unknown>): Promise<string>;
  call(method: string, path: string, body?: unknown): ReturnType<ControlledApi['call']>;
  read(installation: string): Promise<View>;
  until(installation: string, wanted: Partial<Record<keyof View, unknown>>, seconds?: number): Promise<View>;
}

/** The api, the real control worker as a GitHub App, and a GitHub behind the proxy that checks what passes. */
export interface GithubStack extends GithubUnderTest {
  api: ControlledApi;
  /** Validates, with this result, whatever is sent to the build queue until the stack stops. */
  validateAll(report?: PipelineReport): void;
  /** How many requests GitHub had had when the newest validation began. */
  requestsWhenPlanned(): number;
  createApp(name: string): Promise<AppAtGithub>;
  /** Takes our GitHub App off the owner of all repositories; gives what installs it again. */
  uninstall(): Promise<() => Promise<void>>;
}

/** Starts it, with the webhooks of GitHub going to the api. */
export async function startGithubStack(): Promise<GithubStack> {
  const folder = mkdtempSync(join(tmpdir(), 'graft-github-'));
  const under = await startGithubUnderTest();
  const { github, proxy } = under;
  await github.addPerson(owner);
  const { appId, privateKey } = await github.createApp({
    slug: 'graft',
    permissions: neededOfApp,
    events: webhooksOfApp,
  });
  let installation = await github.installApp(appId, owner);
  await github.addPerson('maintainer');
  const keyFile = join(folder, 'app.pem');
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  const api = await startControlledApi(folder, {
    GITHUB_API_URL: proxy.url,
    GITHUB_APP_ID: String(appId),
    GITHUB_APP_PRIVATE_KEY_FILE: keyFile,
  });
  await github.setWebhook({ url: `${api.url}/api/v1/webhooks/github`, secret: webhookSecret });
  const stopping = new AbortController();
  let validating: Promise<void> = Promise.resolve();
  let requestsWhenPlanned = 0;

  return {
    ...under,
    api,
    validateAll(report = passedReport) {
      validating = (async () => {
        while (!stopping.signal.aborted) {
          const task = await api.takePipeline(stopping.signal).catch(() => undefined);
          requestsWhenPlanned = proxy.log().length;
          // The task of a workflow that ended meanwhile is nobody's any more.
          await task?.complete(report).catch(() => undefined);
        }
      })();
    },
    requestsWhenPlanned: () => requestsWhenPlanned,
    async createApp(name) {
      const repository = `${owner}/${name}`;
      const files = Object.fromEntries(Object.entries(smallApp).map(([path, { text }]) => [path, text]));
      await github.createRepository({ owner, name, private: true, files });
      await github.setPermission(repository, 'maintainer', 'write');
      const created = await api.call('POST', '/projects', { body: { name, codeHost: 'github', repository } });
      expect(created.body, created.text).toMatchObject({ repository });
      return appAt(api, repository, String(created.body['id']));
    },
    async uninstall() {
      await github.uninstallApp(installation);
      return async () => void (installation = await github.installApp(appId, owner));
    },
    async close() {
      stopping.abort();
      await validating;
      await api.stop();
      await under.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function appAt(api: ControlledApi, repository: string, project: string): AppAtGithub {
  const path = (installation: string) => `/projects/${project}/connectors/${installation}`;
  const read = async (installation: string): Promise<View> =>
    (await api.call('GET', path(installation))).body as unknown as View;
  return {
    repository,
    project,
    call: (method, below, body) => api.call(method, `/projects/${project}/connectors${below}`, { body }),
    read,
    async install(more = {}) {
      const body = { connector: 'stripe', environment: 'development', credentials: stripeKeys('good'), ...more };
      const { status, text, body: answer } = await api.call('POST', `/projects/${project}/connectors`, { body });
      expect(status, text).toBe(202);
      return String(answer['id']);
    },
    async until(installation, wanted, seconds = 60) {
      // Not expect.poll, which knows one test at a time.
      const look = async () => {
        const view = await read(installation);
        expect(view).toMatchObject(wanted);
        return view;
      };
      return vi.waitFor(look, { timeout: seconds * 1000, interval: 100 });
    },
  };
}
