import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks } from '../../test/conformance/generated-code.ts';
import { expoApp } from '../../test/harness/app-facts.ts';
import { onesignal } from './index.ts';
import { combinations } from './samples.ts';

const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  onesignal.contribute({ app: { ...expoApp, ...facts }, alias: '', options });
type Contribution = ReturnType<typeof contribute>;
const textOf = (name: string, { files }: Contribution) =>
  files.find(({ path }) => path.endsWith(`/${name}`))?.text ?? expect.fail(`${name} is not among the files`);

const root = fileURLToPath(new URL('../..', import.meta.url));
const variants = combinations.map((options) => contribute(options));

describe('what is generated', () => {
  it('brings SDK and plugin, at the version that the templates are checked with', async () => {
    const manifest = await readFile(join(root, 'node_modules/react-native-onesignal/package.json'), 'utf8');
    for (const major of [54, 55, 56, 57]) {
      const [sdk, plugin] = contribute({}, { major }).packages;
      expect(sdk).toEqual({ name: 'react-native-onesignal', range: JSON.parse(manifest).version });
      expect(plugin?.name).toBe('onesignal-expo-plugin');
    }
    expect(() => contribute({}, { major: 58 })).toThrow(expect.objectContaining({ code: 'unsupported_sdk' }));
  });

  it('tells the plugin the mode, and people what it means', () => {
    for (const mode of ['production', 'development']) {
      const { configPlugins, nativeChanges, nextSteps } = contribute({ mode });
      expect(configPlugins).toEqual([{ name: 'onesignal-expo-plugin', props: { mode, disableLocation: true } }]);
      expect(nativeChanges.join()).toContain(`aps-environment (${mode})`);
      expect(nextSteps.map(({ text }) => text.en).join()).toContain(`mode ${mode} for all environments`);
    }
  });

  it('has code for in-app messages only where they are wanted', () => {
    const names = ({ files }: Contribution) => files.map(({ path }) => path);
    expect(names(contribute())).toContain('connectors/onesignal/in-app-messages.ts');
    expect(names(contribute({ inAppMessages: false }))).not.toContain('connectors/onesignal/in-app-messages.ts');
  });

  it('gives the app the App ID and never the key', () => {
    for (const { environmentKeys, files } of variants) {
      expect(environmentKeys.map(({ credential }) => credential)).toEqual(['appId']);
      for (const { text } of files) expect(text).not.toMatch(/API_KEY|os_v2/);
    }
  });

  it('imports the SDK itself in one place, and never at the start', () => {
    for (const { files } of variants) {
      for (const { path, text } of files) {
        if (path.endsWith('/sdk.ts')) continue;
        expect(text, path).not.toContain(`'react-native-onesignal'`);
      }
    }
    const { module } = parseSync('sdk.ts', textOf('sdk.ts', contribute()));
    const loaded = module.staticImports.filter(({ entries }) => entries.some(({ isType }) => !isType));
    expect(loaded.map(({ moduleRequest }) => moduleRequest.value)).toEqual(['react-native']);
  });

  it('offers the same names on the web as on a device', () => {
    const [device, web] = ['sdk.ts', 'sdk.web.ts'].map((name) => {
      const { module } = parseSync(name, textOf(name, contribute()));
      const entries = module.staticExports.flatMap((one) => one.entries);
      return entries.filter(({ isType }) => !isType).map(({ exportName }) => exportName.name);
    });
    expect(web?.toSorted()).toEqual(device?.toSorted());
  });

  it('type-checks in every combination, with nothing left unused', async () => {
    await expectTypeChecks(variants);
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    await expectFormatted(variants);
  });
});
