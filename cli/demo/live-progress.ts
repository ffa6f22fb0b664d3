import { styleText } from 'node:util';
import type { Reason, Status } from '../../contract/closed-sets.ts';
import type { InstallationEvent } from '../../contract/events.ts';
import type { PipelineProgress } from '../../contract/pipeline.ts';
import type { GraftClient } from './graft-client.ts';

/** What ended the following: the operation did, or it is in review, or it waits for people. */
export type Stopped =
  | { why: 'ended'; status: Status; last: string }
  | { why: 'review'; last: string }
  | { why: 'attention'; reason: Reason; message: string; last: string };

/** Prints a line per step with its duration, and on a terminal what the pipeline does meanwhile. */
export async function followProgress(
  client: GraftClient,
  path: string,
  after: string,
  stopAtReview: boolean,
): Promise<Stopped> {
  let stopped: Stopped | undefined;
  let last = after;
  await client.follow(path, after, (message) => {
    if (message.kind === 'heartbeat') {
      showPipeline(message.heartbeat.progress);
      return 'go on';
    }
    if (message.kind === 'end') {
      stopped = { why: 'ended', status: message.status, last };
      return 'stop';
    }
    const { event } = message;
    last = event.id;
    print(lineOf(event));
    const { reason } = event.data;
    if (event.event === 'waiting' && reason !== undefined) {
      stopped = { why: 'attention', reason, message: event.data.message ?? '', last };
      return 'stop';
    }
    if (stopAtReview && event.step === 'pull_request' && event.event === 'done') {
      stopped = { why: 'review', last };
      return 'stop';
    }
    return 'go on';
  });
  if (stopped === undefined) throw new Error('The progress stream ended before the operation did.');
  return stopped;
}

function lineOf({ step, event, data }: InstallationEvent): string | undefined {
  const name = step.replaceAll('_', ' ').padEnd(14);
  const seconds = data.seconds === undefined ? '' : `${data.seconds.toFixed(1)} s`.padStart(8);
  if (event === 'started') return undefined;
  const facts = Object.entries(data.facts ?? {})
    .filter(([, value]) => value !== '')
    .map(
      ([key, value]) =>
        `${key} ${typeof value === 'string' && /^[0-9a-f]{40,}$/.test(value) ? value.slice(0, 12) : value}`,
    )
    .join(', ');
  if (event === 'done') return `  ${styleText('green', '✓')} ${name}${seconds}  ${styleText('dim', facts)}`;
  if (event === 'waiting') return `  ${styleText('yellow', '!')} ${name}waits: ${data.reason}. ${data.message ?? ''}`;
  return `  · ${name}${event}${data.message === undefined ? '' : `: ${data.message}`}`;
}

// One line that is written over: only a terminal can do that.
function showPipeline({ step, seconds, done }: PipelineProgress): void {
  if (!process.stdout.isTTY) return;
  const finished = done.map((report) => `${report.step} ${report.verdict}`).join(', ');
  process.stdout.write(`\r\u001b[K  … pipeline      ${step} ${seconds.toFixed(0)} s ${styleText('dim', finished)}`);
}

function print(line: string | undefined): void {
  if (line === undefined) return;
  process.stdout.write(`${process.stdout.isTTY ? '\r\u001b[K' : ''}${line}\n`);
}
