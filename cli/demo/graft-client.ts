import { createParser } from 'eventsource-parser';
import type { InstallationEvent, PipelineHeartbeat } from '../../contract/events.ts';
import type { NextStep } from '../../contract/connector.ts';
import type { Reason, Status, Step } from '../../contract/closed-sets.ts';

/** What the demo reads of an installation. */
export interface InstallationView {
  id: string;
  status: Status;
  step: Step;
  needsAttention: { reason: Reason; message: string; answers: string[] } | null;
  message: string | null;
  pullRequest: { number: number; draft: boolean; state: string } | null;
  credentials: { version: number; state: string } | null;
  publishedNames: string[];
  nextSteps: NextStep[];
}

export type ProgressMessage =
  | { kind: 'event'; event: InstallationEvent }
  | { kind: 'heartbeat'; heartbeat: PipelineHeartbeat }
  | { kind: 'end'; status: Status };

/** The API as a user's program calls it: a bearer token, JSON, and problem documents that become errors. */
export class GraftClient {
  readonly #origin: string;
  readonly #token: string;

  constructor(origin: string, token: string) {
    this.#origin = `${origin}/api/v1`;
    this.#token = token;
  }

  /** Sends a request; throws the problem document's detail and field fixes. */
  async request<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#origin + path, {
      method,
      headers: this.#headers(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer & { detail?: string; errors?: { field: string; fix: string }[] };
    if (response.ok) return answer;
    const fixes = (answer.errors ?? []).map(({ field, fix }) => `\n  ${field}: ${fix}`);
    throw new Error(`${method} ${path} answered ${response.status}: ${answer.detail ?? ''}${fixes.join('')}`);
  }

  /** Follows an installation's progress until its operation ends or `onMessage` answers `stop`. */
  async follow(path: string, after: string, onMessage: (message: ProgressMessage) => 'go on' | 'stop'): Promise<void> {
    const stop = new AbortController();
    const response = await fetch(`${this.#origin}${path}/events`, {
      headers: this.#headers({ 'last-event-id': after }),
      signal: stop.signal,
    });
    if (!response.ok || response.body === null) throw new Error(`The progress of ${path} answered ${response.status}.`);
    const parser = createParser({
      onEvent({ event, data }) {
        const parsed: unknown = JSON.parse(data);
        const message = messageOf(event, parsed);
        if (message !== undefined && onMessage(message) === 'stop') stop.abort();
      },
    });
    try {
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) parser.feed(chunk);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  }

  #headers(more: Record<string, string>): Record<string, string> {
    return { authorization: `Bearer ${this.#token}`, ...more };
  }
}

function messageOf(event: string | undefined, data: unknown): ProgressMessage | undefined {
  if (event === 'progress') return { kind: 'event', event: data as InstallationEvent };
  if (event === 'pipeline') return { kind: 'heartbeat', heartbeat: data as PipelineHeartbeat };
  if (event === 'end') return { kind: 'end', status: (data as { status: Status }).status };
  return undefined;
}
