import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { neededOfApp, webhooksOfApp } from '../../code-host/github/app.ts';
import { type SimulatedGithub, startSimulatedGithub } from '../../code-host/simulated-github/start.ts';

/** What our processes are told of GitHub, and the simulated one when it runs in this process. */
export interface StackGithub {
  control: Readonly<Record<string, string>>;
  api: Readonly<Record<string, string>>;
  simulated: SimulatedGithub | undefined;
  stop(): Promise<void>;
}

/** Owner of the repositories at the simulated GitHub, where our App is installed. */
export const simulatedOwner = 'acme';

/** The identity at the real GitHub that the environment names; none is fine: then only local repositories are served. */
export function readGithub(environment: Readonly<Record<string, string | undefined>>): StackGithub {
  const given = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  const identity = given(['GITHUB_TOKEN', 'GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY_FILE']);
  const api = given(['GITHUB_WEBHOOK_SECRET']);
  // Without webhooks the control worker looks by itself.
  const polls = Object.keys(identity).length > 0 && Object.keys(api).length === 0;
  return {
    control: { ...given(['GITHUB_API_URL']), ...identity, ...(polls ? { GITHUB_POLL_SECONDS: '30' } : {}) },
    api,
    simulated: undefined,
    stop: async () => undefined,
  };
}

/**
 * Starts a simulated GitHub in this process over a folder, with a GitHub App of ours that is installed for its owner and
 * delivers webhooks to the api. A second start over the same folder finds repositories, App and key again.
 */
export async function startGithub(folder: string, apiUrl: string): Promise<StackGithub> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const simulated = await startSimulatedGithub({ root: join(folder, 'repositories') });
  const app = await readApp(simulated, folder);
  const secret = randomBytes(24).toString('hex');
  await simulated.setWebhook({ url: `${apiUrl}/api/v1/webhooks/github`, secret });
  return {
    control: {
      GITHUB_API_URL: simulated.url,
      GITHUB_APP_ID: app.id,
      GITHUB_APP_PRIVATE_KEY_FILE: app.keyFile,
    },
    api: { GITHUB_WEBHOOK_SECRET: secret },
    simulated,
    stop: () => simulated.close(),
  };
}

async function readApp(simulated: SimulatedGithub, folder: string): Promise<{ id: string; keyFile: string }> {
  const keyFile = join(folder, 'app.pem');
  const idFile = join(folder, 'app.id');
  if (!existsSync(idFile)) {
    await simulated.addPerson(simulatedOwner);
    const { appId, privateKey } = await simulated.createApp({
      slug: 'graft',
      permissions: neededOfApp,
      events: webhooksOfApp,
    });
    await simulated.installApp(appId, simulatedOwner);
    writeFileSync(keyFile, privateKey, { mode: 0o600 });
    writeFileSync(idFile, String(appId));
  }
  return { id: readFileSync(idFile, 'utf8'), keyFile };
}
