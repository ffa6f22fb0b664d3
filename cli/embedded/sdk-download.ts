import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../contract/errors.ts';
import { type Say, cacheFolder } from './cache.ts';

const names = {
  cli: { prefix: 'temporal-sdk-typescript', start: 'createLocal', title: 'Temporal CLI' },
  testServer: {
    prefix: 'temporal-test-server-sdk-typescript',
    start: 'createTimeSkipping',
    title: 'time-skipping test server',
  },
} as const;

/** A server that the Temporal SDK downloaded into the cache earlier. */
export function findDownloaded(server: keyof typeof names): string | undefined {
  const { prefix } = names[server];
  const file = readdirSync(cacheFolder()).find((name) => name.startsWith(prefix) && !name.endsWith('.downloading'));
  return file && join(cacheFolder(), file);
}

/** Lets the Temporal SDK download one of its servers; undefined, after at most 10 s, where its host cannot be reached. */
export async function download(server: keyof typeof names, say: Say): Promise<string | undefined> {
  const { start, title } = names[server];
  try {
    // What the SDK's own downloader asks; it has no limit on time, so reachability is tried first.
    await fetch('https://temporal.download', {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    say(`The ${title} cannot be downloaded here (${reasonOf(error)}).`);
    return undefined;
  }
  say(`Downloading the ${title} …`);
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  try {
    const executable = { type: 'cached-download', downloadDir: cacheFolder(), ttl: '365 days' } as const;
    const environment = await TestWorkflowEnvironment[start]({ server: { executable } });
    await environment.teardown();
  } catch (error) {
    say(`The download of the ${title} failed: ${messageOf(error)}`);
    return undefined;
  }
  return findDownloaded(server);
}

function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
}
