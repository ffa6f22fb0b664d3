import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../contract/audit.ts';
import { encryptVersion } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';
import { createKeyFiles } from './keys.ts';
import { type SealingKeys, readSealingKeys } from './open.ts';
import { type Binding, seal } from './seal.ts';
import { createVault } from './vault.ts';

const ring: KeyRing = { current: 'key-1', keys: new Map([['key-1', randomBytes(32)]]) };
const at = { project: 'prj_1', installation: 'ins_1', version: 'ver_1' };
const binding: Binding = {
  kind: 'installation',
  submission: 'sub_1',
  ...at,
  connector: 'stripe',
  environment: 'staging',
};
const values = { key: 'obviously-fake-value' };

describe('createVault', () => {
  let folder: string;
  let sealing: SealingKeys;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graft-vault-'));
    const files = await createKeyFiles(folder);
    sealing = await readSealingKeys({ publicKey: files.sealingPublic, privateKey: files.sealingPrivate });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('records who opens what and why before it opens, and never a value', async () => {
    const entries: AuditEntry[] = [];
    const vault = createVault({ sealing, ring, record: async (entry) => void entries.push(entry) });
    const sealed = await seal(sealing.publicKey, binding, values);
    const encrypted = await encryptVersion(ring, at, values);
    expect(await vault.openSubmission(sealed, binding, 'encrypt')).toEqual(values);
    expect(await vault.openVersion(encrypted, at, 'activate')).toEqual(values);
    expect(entries).toMatchObject([
      {
        action: 'open_submission',
        purpose: 'encrypt',
        subject: {
          submission: 'sub_1',
          project: 'prj_1',
          installation: 'ins_1',
          connector: 'stripe',
          environment: 'staging',
        },
      },
      { action: 'open_version', purpose: 'activate', subject: at },
    ]);
    expect(entries[0]?.actor).toMatch(/^control@.+/);
    expect(JSON.stringify(entries)).not.toContain(values.key);
  });

  it('opens nothing without a row, and keeps the row of an open that failed', async () => {
    const sealed = await seal(sealing.publicKey, binding, values);
    const encrypted = await encryptVersion(ring, at, values);
    const refused = createVault({ sealing, ring, record: () => Promise.reject(new Error('no row')) });
    await expect(refused.openSubmission(sealed, binding, 'test')).rejects.toThrow('no row');
    await expect(refused.openVersion(encrypted, at, 'test')).rejects.toThrow('no row');

    const entries: AuditEntry[] = [];
    const vault = createVault({ sealing, ring, record: async (entry) => void entries.push(entry) });
    await expect(vault.openSubmission(sealed, { ...binding, project: 'prj_2' }, 'test')).rejects.toMatchObject({
      code: 'binding_mismatch',
    });
    expect(entries).toHaveLength(1);
  });
});
