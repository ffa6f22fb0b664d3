import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { revenuecat } from './index.ts';
import { combinations } from './samples.ts';

const app: AppFacts = {
  framework: 'expo',
  version: '57.0.26',
  major: 57,
  language: 'typescript',
  router: 'none',
  sourceDir: '',
  routesDir: '',
  serverRoutes: false,
  scheme: undefined,
};
const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}) =>
  revenuecat.contribute({ app: { ...app, ...facts }, alias: '', options });
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
    const folder = await mkdtemp(join(tmpdir(), 'graft-revenuecat-types-'));
    try {
      for (const [index, { files }] of variants.entries()) {
        for (const { path, text } of files) {
          await mkdir(dirname(join(folder, `${index}`, path)), { recursive: true });
          await writeFile(join(folder, `${index}`, path), text);
        }
      }
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      const config = {
        extends: join(root, 'connectors/tsconfig.json'),
        include: ['*/**/*'],
        exclude: ['node_modules'],
      };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
      expect(`${tsc.stdout}${tsc.stderr}`).toBe('');
      expect(tsc.status).toBe(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads as if the app’s own formatter had been over it', async () => {
    const { format } = await import('oxfmt');
    for (const { files } of variants) {
      for (const { path, text } of files) {
        const { code } = await format(path, text, { printWidth: 100, singleQuote: true });
        expect(text, path).toBe(code);
      }
    }
  });
});
