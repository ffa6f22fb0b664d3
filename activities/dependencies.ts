import type { Client } from '@temporalio/client';
import type { AuditEntry } from '../contract/audit.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { CodeHostKind } from '../contract/closed-sets.ts';
import type { CodeHost, ValuePublisher } from '../contract/code-host.ts';
import type { Database, Executor } from '../db/connect.ts';
import type { KeyRing } from '../vault/key-ring.ts';
import type { Vault } from '../vault/vault.ts';

/** What the control worker's activities work with; built once, when the worker starts. */
export interface ControlDependencies {
  database: Database;
  /** For reconciliation, which starts workflows. */
  temporal: Client;
  artifacts: ArtifactStore;
  vault: Vault;
  /** Appends to the audit chain, in a transaction when one is given. */
  audit: (entry: AuditEntry, executor?: Executor) => Promise<void>;
  ring: KeyRing;
  codeHosts: Readonly<Record<CodeHostKind, CodeHost>>;
  values: Readonly<Record<CodeHostKind, ValuePublisher>>;
  /** URL of the package registry, and the folder for what is kept of it. */
  registry: string;
  cache: string;
  /** Hosts that a lock file may name besides those it names already, and that the registry may keep its files on. */
  registryHosts: readonly string[];
  /** Provider's host → origin on loopback; empty outside the embedded stack. */
  simulators: ReadonlyMap<string, string>;
}
