import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshotOf } from '../test/harness/apps.ts';
import { expoPackages, untestedSdk } from '../test/harness/expo-packages.ts';
import { lockNames, managersFolder, settingsFor, writeLock } from '../test/harness/package-managers.ts';
import { type TestRegistry, startRegistry } from '../test/harness/registry.ts';
import { readIntegrity } from './read-integrity.ts';

const { version } = untestedSdk;
const expo = { name: 'expo', version };
let registry: TestRegistry;
let integrity: unknown;
beforeAll(async () => {
  registry = await startRegistry(expoPackages);
  const document = await (await fetch(`${registry.url}expo`)).json();
  integrity = document.versions[version].dist.integrity;
});
afterAll(() => registry.close());

describe('the integrity of a package in a lock file', () => {
  it.each(['npm', 'pnpm', 'yarn1', 'yarn', 'bun'] as const)(
    'is read as %s writes it',
    async (kind) => {
      const manifest = JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { expo: version } });
      const where = { managers: await managersFolder(), registry: registry.url };
      const text = await writeLock(kind, { 'package.json': manifest, ...settingsFor(kind) }, where);
      expect(text).toContain(version);
      const at = { lockFile: lockNames[kind], packageManager: kind };
      const snapshot = snapshotOf({ [at.lockFile]: text });
      expect(readIntegrity(snapshot, at, expo)).toBe(kind === 'yarn' ? undefined : integrity);
      expect(readIntegrity(snapshot, at, { ...expo, version: '99.0.4' })).toBeUndefined();
      expect(readIntegrity(snapshot, at, { ...expo, name: 'xpo' })).toBeUndefined();
    },
    120_000,
  );

  it('is the one of the version that is meant, and undefined without a lock file', () => {
    const hash = (letter: string) => `sha512-${letter.repeat(86)}==`;
    const text = `lockfileVersion: '6.0'

packages:

  /@expo/cli@${version}:
    resolution: {integrity: ${hash('a')}}

  /expo@98.0.0(react@19.0.0):
    resolution: {integrity: ${hash('b')}}

  /expo@${version}(@babel/core@7.0.0)(react@19.0.0):
    resolution: {integrity: ${hash('c')}}
`;
    const at = { lockFile: 'pnpm-lock.yaml', packageManager: 'pnpm' } as const;
    expect(readIntegrity(snapshotOf({ 'pnpm-lock.yaml': text }), at, expo)).toBe(hash('c'));
    expect(readIntegrity(snapshotOf({}), { lockFile: '', packageManager: 'none' }, expo)).toBeUndefined();
  });
});
