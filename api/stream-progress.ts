import type { Response } from 'express';
import type { InstallationEvent } from '../contract/events.ts';
import { getInstallation } from '../db/queries/installations.ts';
import { findClaim } from '../db/queries/operations.ts';
import { listEvents } from '../db/queries/progress.ts';
import { describeError } from './describe-error.ts';
import type { Dependencies } from './dependencies.ts';
import { readHeartbeat } from './read-heartbeat.ts';

const pollMilliseconds = 1000;
const commentEveryMilliseconds = 15_000;
const pageSize = 500;

/**
 * Sends an installation's events after the one with the id `after` and those that come, until no operation runs on it;
 * then an `end` with its status. While the pipeline runs, its heartbeat goes along, without an id.
 */
export async function streamProgress(
  { database, temporal, bell, log, closing }: Dependencies,
  installation: string,
  after: string,
  response: Response,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const stopped = AbortSignal.any([gone.signal, closing]);
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
    Connection: 'close',
  });
  response.write('retry: 2000\n\n');

  let last = after;
  let spoken = Date.now();
  let heartbeat = '';
  const say = (text: string): void => {
    response.write(text);
    spoken = Date.now();
  };
  const sendNew = async (): Promise<InstallationEvent | undefined> => {
    let newest: InstallationEvent | undefined;
    for (;;) {
      const events = await listEvents(database, installation, last, pageSize);
      for (const event of events) say(`id: ${event.id}\nevent: progress\ndata: ${JSON.stringify(event)}\n\n`);
      newest = events.at(-1) ?? newest;
      last = newest?.id ?? last;
      if (events.length < pageSize) return newest;
    }
  };

  try {
    while (!stopped.aborted) {
      await sendNew();
      const claim = await findClaim(database, installation);
      const { status, step } = await getInstallation(database, installation);
      if (claim === undefined) {
        // What was written with the end of the operation is there now.
        await sendNew();
        say(`event: end\ndata: ${JSON.stringify({ status })}\n\n`);
        break;
      }
      if (step === 'pipeline') {
        const beat = JSON.stringify(await readHeartbeat(temporal, claim.workflowId, log));
        if (beat !== undefined && beat !== heartbeat) say(`event: pipeline\ndata: ${beat}\n\n`);
        heartbeat = beat ?? heartbeat;
      }
      if (Date.now() - spoken >= commentEveryMilliseconds) say(': still here\n\n');
      await bell.wait(installation, pollMilliseconds, stopped);
    }
  } catch (error) {
    // The answer has begun: the stream ends, and the reader comes back with the last id it saw.
    log.error({ installation, error: describeError(error) }, 'progress stream failed');
  }
  response.end();
}
