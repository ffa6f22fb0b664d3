import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Octokit } from 'octokit';
import {
  startSimulatedGithub,
  type SimulatedGithub,
  type SimulatedGithubOptions,
} from '../../code-host/simulated-github/start.ts';
import { startGithubProxy, type GithubProxy } from './github-proxy.ts';

export interface GithubUnderTest {
  github: SimulatedGithub;
  proxy: GithubProxy;
  /** What speaks to the proxy with a token, without the pauses and retries that the real service calls for. */
  client(token?: string): Octokit;
  app(appId: number, privateKey: string): App;
  close(): Promise<void>;
}

/** A simulated GitHub of its own for one test file, behind the proxy that checks all that passes. */
export async function startGithubUnderTest(options: Partial<SimulatedGithubOptions> = {}): Promise<GithubUnderTest> {
  const root = await mkdtemp(path.join(tmpdir(), 'simulated-github-'));
  const github = await startSimulatedGithub({ root, ...options });
  const proxy = await startGithubProxy(github.url);
  const settings = { baseUrl: proxy.url, throttle: { enabled: false }, retry: { enabled: false } };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return {
    github,
    proxy,
    client: (token) => new Octokit({ ...settings, log, ...(token !== undefined && { auth: token }) }),
    app: (appId, privateKey) => new App({ appId, privateKey, log, Octokit: Octokit.defaults({ ...settings, log }) }),
    async close() {
      await proxy.close();
      await github.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Status and body of an answer that octokit takes for an error. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ status: number; data: Record<string, unknown>; headers: Record<string, unknown> }> {
  try {
    await call;
  } catch (error) {
    const { status, response } = error as {
      status: number;
      response?: { data: Record<string, unknown>; headers: Record<string, unknown> };
    };
    return { status, data: response?.data ?? {}, headers: response?.headers ?? {} };
  }
  throw new Error('It was not refused.');
}
