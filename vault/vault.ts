import { hostname } from 'node:os';
import type { AuditEntry } from '../contract/audit.ts';
import type { EncryptedVersion, VersionPlace } from '../contract/vault.ts';
import { decryptVersion } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';
import { type SealingKeys, openSubmission } from './open.ts';
import type { Binding } from './seal.ts';

/** Opens secrets, each time after a row in the audit chain. */
export interface Vault {
  openSubmission(sealed: Uint8Array, binding: Binding, purpose: string): Promise<Record<string, string>>;
  openVersion(encrypted: EncryptedVersion, at: VersionPlace, purpose: string): Promise<Record<string, string>>;
}

/**
 * A vault whose every open is first told to `record`, which must have committed the row when it returns: when it
 * throws, nothing is opened. `purpose` says in a few words what the values are for.
 */
export function createVault(options: {
  sealing: SealingKeys;
  ring: KeyRing;
  record: (entry: AuditEntry) => Promise<void>;
}): Vault {
  const actor = `control@${hostname()}`;
  return {
    async openSubmission(sealed, binding, purpose) {
      await options.record({ actor, action: 'open_submission', subject: subjectOf(binding), purpose });
      return openSubmission(options.sealing, sealed, binding);
    },
    async openVersion(encrypted, at, purpose) {
      const subject = { project: at.project, installation: at.installation, version: at.version };
      await options.record({ actor, action: 'open_version', subject, purpose });
      return decryptVersion(options.ring, at, encrypted);
    },
  };
}

function subjectOf(binding: Binding): Record<string, string> {
  const { submission, connector, environment } = binding;
  return binding.kind === 'installation'
    ? { submission, project: binding.project, installation: binding.installation, connector, environment }
    : { submission, request: binding.request, connector, environment };
}
