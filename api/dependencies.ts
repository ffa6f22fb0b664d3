import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { Database } from '../db/connect.ts';
import type { EventBell } from './event-bell.ts';

/** What the api's routes work with; built once, when it starts. */
export interface Dependencies {
  database: Database;
  temporal: Client;
  artifacts: ArtifactStore;
  /** Public key that credentials are sealed with; nothing here can open them. */
  sealingKey: Uint8Array;
  /** Key of the hashes by which bodies with an Idempotency-Key are compared, and of the install flow's state. */
  hashKey: Uint8Array;
  /** Any of them may sign GitHub's webhooks; with none, no webhook is taken. */
  webhookSecrets: readonly string[];
  bell: EventBell;
  log: Logger;
  /** Aborted when the api stops: open streams end. */
  closing: AbortSignal;
}
