import { existsSync, mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import type { ProjectFacts } from '../contract/codegen.ts';
import { environments } from '../contract/closed-sets.ts';
import type { AppFacts, Contribution } from '../contract/connector.ts';
import { expoApp } from '../test/harness/app-facts.ts';
import { bundledList, untestedSdk } from '../test/harness/expo-packages.ts';
import { checkCompatibility, connectors, contributionTo, getConnector } from './index.ts';
import { checkMode } from './check-mode.ts';
import { environmentKeyFor } from './environment-key.ts';
import { quoted, renderTemplate } from './render-template.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const modules = {
  'manifest.ts': 'manifest',
  'probe.ts': 'probe',
  'contribution.ts': 'contribute',
  'simulator.ts': 'startSimulator',
  'rotation.ts': 'rotation',
};

/** What a connector's folder lacks of the files and exports that each one has. */
async function faultsOf(folder: string, id: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [file, name] of Object.entries(modules)) {
    const path = join(folder, file);
    if (!existsSync(path)) faults.push(`${file} is missing`);
    else if (!(name in (await import(pathToFileURL(path).href)))) faults.push(`${file} does not export ${name}`);
  }
  for (const file of ['index.ts', 'readme.md', `${id}.test.ts`]) {
    if (!existsSync(join(folder, file))) faults.push(`${file} is missing`);
  }
  for (const name of ['templates', 'fixtures']) {
    const path = join(folder, name);
    if (!existsSync(path) || readdirSync(path).length === 0) faults.push(`${name}/ is missing or empty`);
  }
  return faults;
}

describe('the registry', () => {
  const folders = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );

  it('has every folder, under its own name, and nothing else', () => {
    expect([...connectors.keys()].toSorted()).toEqual(folders.toSorted());
    for (const [id, { manifest }] of connectors) expect(manifest.id).toBe(id);
  });

  it.each(folders)('%s has all files and exports', async (id) => {
    expect(await faultsOf(join(root, id), id)).toEqual([]);
    const { [id]: connector } = (await import(pathToFileURL(join(root, id, 'index.ts')).href)) as Record<
      string,
      unknown
    >;
    expect(connector).toBe(getConnector(id));
  });

  it('gives no environment key two owners', () => {
    const keys = [...connectors.values()].flatMap(({ manifest }) =>
      manifest.credentialFields.map(({ environmentKey }) => environmentKey),
    );
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('says which connectors there are when one is unknown', () => {
    expect(() => getConnector('nothing')).toThrow(
      expect.objectContaining({ code: 'not_found', message: expect.stringContaining('stripe') }),
    );
    expect(() => getConnector('toString')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  describe('a folder with faults', () => {
    const folder = mkdtempSync(join(tmpdir(), 'graft-connector-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('is told apart', async () => {
      for (const file of ['index.ts', 'manifest.ts', 'probe.ts', 'rotation.ts', 'readme.md', 'some.test.ts']) {
        writeFileSync(join(folder, file), 'export const manifest = {}; export const probe = {};\n');
      }
      mkdirSync(join(folder, 'templates'));
      expect(await faultsOf(folder, 'some')).toEqual([
        'contribution.ts is missing',
        'simulator.ts is missing',
        'rotation.ts does not export rotation',
        'templates/ is missing or empty',
        'fixtures/ is missing or empty',
      ]);
    });
  });
});

describe('checkCompatibility', () => {
  const facts = (change: Partial<ProjectFacts>): ProjectFacts => ({
    ...expoApp,
    packageManager: 'npm',
    lockFile: 'package-lock.json',
    ...change,
  });
  const { manifest } = getConnector('stripe');

  it('takes the tested versions and any Expo SDK, and refuses others with what to do', () => {
    for (const major of [53, 54, 55, 56, 57, 58]) checkCompatibility(manifest, facts({ major }));
    checkCompatibility(manifest, facts({ framework: 'next', major: 16 }));
    expect(() => checkCompatibility(manifest, facts({ framework: 'next', major: 14, version: '14.0.1' }))).toThrow(
      expect.objectContaining({
        code: 'unsupported_sdk',
        message: expect.stringMatching(/15, 16.*14\.0\.1/),
        fields: [{ field: 'connector', fix: expect.stringMatching(/15, 16/) }],
      }),
    );
    const native = getConnector('revenuecat').manifest;
    expect(() => checkCompatibility(native, facts({ framework: 'next', major: 16 }))).toThrow(
      expect.objectContaining({
        code: 'unsupported_app',
        message: expect.stringMatching(/no code for Next\.js apps\..*supports: Expo\./),
      }),
    );
  });
});

describe('an Expo SDK that no connector was tested with', () => {
  const near = { ...expoApp, version: '58.0.1', major: 58, bundled: bundledList };
  const into = (id: string, app: AppFacts, options = {}) =>
    contributionTo(getConnector(id), { app, alias: '', options });
  const rangesOf = ({ packages }: Contribution) => packages.map(({ name, range }) => `${name}@${range}`);

  it.each([...connectors.keys()])('takes %s with what the SDK brings, and a warning before all else', (id) => {
    const { nextSteps, packages } = into(id, near);
    expect(nextSteps[0]).toMatchObject({
      kind: 'untested',
      text: { en: expect.stringMatching(/SDK 58.*expo 58\.0\.1/), ar: expect.stringMatching(/SDK 58.*expo 58\.0\.1/) },
    });
    for (const { name, range } of packages)
      expect(range).toEqual(bundledList[name as keyof typeof bundledList] ?? expect.stringMatching(/^\d/));
    expect(into(id, expoApp).nextSteps.map(({ kind }) => kind)).not.toContain('untested');
    expect(() => into(id, { ...near, bundled: undefined })).toThrow(
      expect.objectContaining({ code: 'unsupported_sdk', message: expect.stringMatching(/54, 55, 56, 57.*58\.0\.1/) }),
    );
  });

  it('takes packages that the SDK does not bring as near SDKs have them, if those agree', () => {
    expect(rangesOf(into('supabase', near))).toEqual(['@supabase/supabase-js@2.119.0', 'expo-sqlite@~99.0.18']);
    expect(() => into('supabase', { ...near, ...untestedSdk })).toThrow(/supabase-js.*99\.0\.3.*54, 55, 56, 57/);
    expect(() => into('supabase', { ...near, bundled: {} })).toThrow(
      expect.objectContaining({ code: 'unsupported_sdk', message: expect.stringContaining('expo-sqlite') }),
    );
    expect(rangesOf(into('stripe', { ...near, ...untestedSdk }))).toEqual(['@stripe/stripe-react-native@9.81.0']);
  });

  it('does not change what a tested one gets', () => {
    expect(into('stripe', { ...expoApp, bundled: bundledList })).toEqual(into('stripe', expoApp));
  });
});

describe('checkMode', () => {
  const { manifest } = getConnector('stripe');

  it('wants test mode in development, live mode in production, and takes either in staging', () => {
    const allowed = environments.flatMap((environment) =>
      (['test', 'live', undefined] as const).filter((mode) => {
        try {
          checkMode(manifest, mode, environment);
          return true;
        } catch (error) {
          expect(error).toMatchObject({
            code: 'mode_mismatch',
            fields: [{ field: 'publishableKey' }, { field: 'secretKey' }, { field: 'webhookSecret' }],
          });
          return false;
        }
      }),
    );
    expect(allowed).toEqual(['test', undefined, 'test', 'live', undefined, 'live', undefined]);
  });
});

describe('templates', () => {
  it('leave out what is off, on lines of their own and within one', () => {
    const template = [
      'a',
      '  // @if one',
      'b',
      '  // @if !two',
      'c',
      '  // @end',
      '  // @end',
      'd/* @if two */, e/* @end */;',
      '',
    ].join('\n');
    expect(renderTemplate(template, { one: true, two: false }, {})).toBe('a\nb\nc\nd;\n');
    expect(renderTemplate(template, { one: true, two: true }, {})).toBe('a\nb\nd, e;\n');
    expect(renderTemplate(template, { one: false, two: true }, { d: '$&' })).toBe('a\n$&, e;\n');
    expect(() => renderTemplate(template, { one: true }, {})).toThrow(/two/);
  });

  it('write strings that mean what was given', () => {
    for (const text of ["it's", 'say "so"', `both ' and "`, 'back\\slash', 'line\nend', '${no}`template`']) {
      expect(runInNewContext(quoted(text))).toBe(text);
    }
  });

  it('put an alias behind the prefix that a framework wants', () => {
    expect(environmentKeyFor('STRIPE_SECRET_KEY', expoApp, '')).toBe('STRIPE_SECRET_KEY');
    expect(environmentKeyFor('STRIPE_SECRET_KEY', expoApp, 'second-shop')).toBe('SECOND_SHOP_STRIPE_SECRET_KEY');
    expect(environmentKeyFor('EXPO_PUBLIC_A', expoApp, 'shop')).toBe('EXPO_PUBLIC_SHOP_A');
  });
});
