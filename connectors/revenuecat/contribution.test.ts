import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks } from '../../test/conformance/generated-code.ts';
import { expoApp } from '../../test/harness/app-facts.ts';
import { revenuecat } from './index.ts';
import { combinations } from './samples.ts';

const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  revenuecat.contribute({ app: { ...expoApp, ...facts }, alias: '', options });
type Contribution = ReturnType<typeof contribute>;
const textOf = (name: string, { files }: Contribution) =>
  files.find(({ path }) => path.endsWith(`/${name}`))?.text ?? expect.fail(`${name} is not among the files`);
const namesOf = ({ files }: Contribution) => files.map(({ path }) => path.slice('connectors/revenuecat/'.length));

const root = fileURLToPath(new URL('../..', import.meta.url));
const variants = combinations.map((options) => contribute(options));

describe('what is generated', () => {
  it('brings the UI package only where it is used, at the version that pins the other', async () => {
    const names = (options: object) => contribute({ ...options }).packages.map(({ name }) => name);
    expect(names({})).toEqual(['react-native-purchases']);
    expect(names({ paywall: true })).toEqual(['react-native-purchases', 'react-native-purchases-ui']);
    expect(names({ customerCenter: true })).toEqual(['react-native-purchases', 'react-native-purchases-ui']);

    const manifest = await readFile(join(root, 'node_modules/react-native-purchases-ui/package.json'), 'utf8');
    const { version, peerDependencies } = JSON.parse(manifest);
    for (const major of [54, 55, 56, 57]) {
      const [sdk, ui] = contribute({ paywall: true }, { major }).packages;
      expect(ui?.range).toBe(version);
      expect(sdk?.range).toBe(peerDependencies['react-native-purchases']);
    }
    expect(() => contribute({}, { major: 58 })).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it('sells by a list or by the paywall of the dashboard', () => {
    expect(namesOf(contribute())).toContain('package-list.tsx');
    expect(namesOf(contribute())).not.toContain('screen-button.tsx');
    const paywall = namesOf(contribute({ paywall: true }));
    expect(paywall).toEqual(expect.arrayContaining(['paywall.ts', 'paywall-button.tsx', 'screen-button.tsx']));
    expect(paywall).not.toContain('package-list.tsx');
    expect(paywall).not.toContain('customer-center.ts');
  });

  it('gives the app the SDK keys and never the secret one', () => {
    for (const { environmentKeys, files } of variants) {
      expect(environmentKeys.map(({ credential }) => credential)).toEqual(['iosKey', 'androidKey', 'testStoreKey']);
      for (const { text } of files) expect(text).not.toMatch(/SECRET|sk_/);
    }
  });

  it('writes any entitlement as a string', () => {
    const text = (entitlement: string) => textOf('config.ts', contribute({ entitlement }));
    expect(text("Sam's Pro")).toContain(`export const entitlement = "Sam's Pro";`);
    expect(text(`Sam's "Pro"`)).toContain(`export const entitlement = 'Sam\\'s "Pro"';`);
    expect(text('مميز')).toContain(`export const entitlement = 'مميز';`);
  });

  it('offers the same names on the web as on a device', () => {
    for (const variant of variants) {
      const [device, web] = ['sdk.ts', 'sdk.web.ts'].map((name) => {
        const { module } = parseSync(name, textOf(name, variant));
        const entries = module.staticExports.flatMap((one) => one.entries);
        return entries.filter(({ isType }) => !isType).map(({ exportName }) => exportName.name);
      });
      expect(web?.toSorted()).toEqual(device?.toSorted());
    }
  });

  it('type-checks in every combination, with nothing left unused', async () => {
    await expectTypeChecks(variants);
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    await expectFormatted(variants);
  });
});
