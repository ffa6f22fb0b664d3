import { describe, expect, it } from 'vitest';
import type { AppFacts, Connector, ContributionInput } from '../../contract/connector.ts';
import { testProbe } from './connector-probe.ts';
import type { ConnectorSamples } from './connector-samples.ts';
import { answersOf } from './server-checks.ts';
import { expoApp, nextApp } from '../harness/app-facts.ts';
import { expectSound } from './sound-contribution.ts';

type Options = Record<string, unknown>;

const everyApp: readonly { name: string; app: AppFacts }[] = [
  { name: 'App.tsx', app: expoApp },
  { name: 'App.tsx below src, with a scheme', app: { ...expoApp, sourceDir: 'src', scheme: 'shop' } },
  {
    name: 'expo-router with API routes',
    app: {
      ...expoApp,
      router: 'expo-router',
      sourceDir: 'src',
      routesDir: 'src/app',
      serverRoutes: true,
      scheme: 'shop',
    },
  },
  { name: 'the app router of Next.js', app: nextApp },
  {
    name: 'the pages router of Next.js, below src',
    app: { ...nextApp, router: 'next-pages', sourceDir: 'src', routesDir: 'src/pages' },
  },
  { name: 'a Next.js app that is exported as plain files', app: { ...nextApp, serverRoutes: false } },
];

/** What every connector must keep, against its own simulator. */
export function testConnector(connector: Connector, samples: ConnectorSamples): void {
  const { manifest } = connector;
  const apps = everyApp.filter(({ app }) => manifest.compatibility[app.framework] !== undefined);

  describe(`${manifest.name}: manifest`, () => {
    it('has every text in both languages', () => {
      const { summary, description, credentialFields, optionFields } = manifest;
      const fields = [...credentialFields, ...optionFields].flatMap(({ label, help }) => [label, help]);
      for (const text of [summary, description, ...fields, ...connector.rotation.steps]) expectComplete(text);
    });

    it('puts no secret under a name that is built into the app', () => {
      for (const { secret, environmentKey } of manifest.credentialFields) {
        expect(environmentKey).toMatch(/^[A-Z][A-Z0-9_]*$/);
        if (secret) expect(environmentKey).not.toMatch(/^(EXPO|NEXT)_PUBLIC_/);
      }
    });

    it('names hosts that a probe may call, whole or with one label left open', () => {
      expect(manifest.hosts).not.toEqual([]);
      for (const host of manifest.hosts) {
        expect(host).toMatch(/^(\*\.)?([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/);
        expect(host, 'no whole top-level domain').not.toMatch(/^\*\.[^.]+$/);
      }
    });

    it('shows the defaults that the schema fills in', () => {
      const defaults = Object.fromEntries(manifest.optionFields.map((field) => [field.name, field.default]));
      expect(manifest.options.parse({})).toEqual(defaults);
    });

    it('names credentials in its rotation that it has', () => {
      const names = manifest.credentialFields.map(({ name }) => name);
      expect(connector.rotation.credentials.filter((name) => !names.includes(name))).toEqual([]);
    });
  });

  describe(`${manifest.name}: credentials`, () => {
    const good = samples.credentials('test', 'good');

    it('takes well-formed ones and knows their mode', () => {
      for (const mode of ['test', 'live'] as const) {
        const values = samples.credentials(mode, 'good');
        expect(manifest.credentials.parse(values)).toEqual(values);
        expect([mode, undefined]).toContain(manifest.modeOf(values));
      }
    });

    it.each(manifest.credentialFields.filter(({ required }) => required))('asks for $name', ({ name }) => {
      const { [name]: _, ...rest } = good;
      expect(issuesOf(manifest.credentials, rest)).toMatchObject([{ field: name }]);
      expect(issuesOf(manifest.credentials, { ...good, [name]: '' })).toMatchObject([{ field: name }]);
    });

    it.each(samples.malformed)('refuses $what', ({ change, field, fix }) => {
      const issues = issuesOf(manifest.credentials, { ...good, ...change });
      expect(issues).toEqual([{ field, message: expect.stringMatching(fix) }]);
      for (const value of Object.values(change)) {
        if (typeof value === 'string' && value.trim().length > 8) expect(JSON.stringify(issues)).not.toContain(value);
      }
    });

    it('refuses a field that it does not know, and what is no object', () => {
      expect(issuesOf(manifest.credentials, { ...good, other: 'x' })).toHaveLength(1);
      expect(issuesOf(manifest.credentials, 'text')).toHaveLength(1);
    });
  });

  describe(`${manifest.name}: options`, () => {
    it.each(samples.invalidOptions)('refuses $what', ({ options, field, fix }) => {
      expect(issuesOf(manifest.options, options)).toContainEqual({ field, message: expect.stringMatching(fix) });
    });

    it('refuses an option that it does not know', () => {
      expect(issuesOf(manifest.options, { noSuchOption: true })).toHaveLength(1);
    });

    it.each(manifest.optionFields)('$name changes what is contributed', ({ name }) => {
      const [one, other] = samples.optionPairs[name] ?? [{}, {}];
      const [first, second] = [manifest.options.parse(one), manifest.options.parse(other)];
      expect(differing(first, second), 'the pair must differ in this option alone').toEqual([name]);
      const generate = (options: Options) => {
        const { files, configPlugins } = connector.contribute({ app: apps[0]?.app ?? expoApp, alias: '', options });
        return { files, configPlugins };
      };
      expect(generate(first)).not.toEqual(generate(second));
    });
  });

  testProbe(connector, samples);

  describe.each(apps)(`${manifest.name}: contribution to $name`, ({ app }) => {
    const inputs = samples.combinations.map((options) => ({
      app,
      alias: '',
      options: manifest.options.parse(options),
    }));

    it('is pure', () => {
      for (const input of inputs) {
        const frozen = deepFreeze(structuredClone(input));
        expect(connector.contribute(frozen)).toEqual(connector.contribute(structuredClone(input)));
      }
    });

    it('is made for the framework of the app', () => {
      const foreign =
        app.framework === 'next' ? /EXPO_PUBLIC_|__DEV__|react-native|from 'expo/ : /NEXT_PUBLIC_|from 'next/;
      for (const input of inputs) {
        const { files, configPlugins, environmentKeys } = connector.contribute(input);
        for (const { path, text } of files) expect(text, path).not.toMatch(foreign);
        for (const { key } of environmentKeys) expect(key).not.toMatch(foreign);
        if (app.framework === 'next') expect(configPlugins).toEqual([]);
      }
    });

    it('is sound code and complete texts', () => {
      for (const input of inputs) expectSound(connector.contribute(input), input.alias);
    });

    it('keeps files and environment keys of an alias apart', () => {
      for (const input of inputs) {
        const [plain, aliased] = [connector.contribute(input), connector.contribute({ ...input, alias: 'shop' })];
        expectSound(aliased, 'shop');
        const paths = new Set(plain.files.map(({ path }) => path));
        expect(aliased.files.filter(({ path }) => paths.has(path))).toEqual([]);
        const keys = new Set(plain.environmentKeys.map(({ key }) => key));
        expect(aliased.environmentKeys.filter(({ key }) => keys.has(key))).toEqual([]);
      }
    });
  });

  const checked = apps.filter(({ app }) => app === expoApp || app === nextApp);
  it.each(
    checked.flatMap(({ app }) => [
      ...samples.combinations.map((options) => ({ app, framework: app.framework, options, alias: '' })),
      { app, framework: app.framework, options: samples.combinations[0] ?? {}, alias: 'shop' },
    ]),
  )(
    `${manifest.name}: passes its own server checks in $framework with $options and the alias "$alias"`,
    async ({ app, options, alias }) => {
      const contribution = connector.contribute({ app, alias, options: manifest.options.parse(options) });
      const answers = contribution.serverChecks.map(({ name, expect: { status, body } }) => {
        const values = Object.entries(body).map(([key, pattern]) => [key, expect.stringMatching(new RegExp(pattern))]);
        return { name, status, body: expect.objectContaining(Object.fromEntries(values)) };
      });
      expect(await answersOf(manifest, contribution)).toEqual(answers);
    },
  );
}

function issuesOf(schema: Connector['manifest']['options'], value: unknown): { field: string; message: string }[] {
  const parsed = schema.safeParse(value);
  return (parsed.error?.issues ?? []).map(({ path, message }) => ({ field: path.join('.'), message }));
}

function differing(one: Options, other: Options): string[] {
  return Object.keys({ ...one, ...other }).filter((name) => one[name] !== other[name]);
}

function expectComplete(text: Readonly<Record<string, string>>): void {
  expect(text['en']?.trim()).toBeTruthy();
  expect(text['ar']?.trim()).toBeTruthy();
}

function deepFreeze(value: ContributionInput): ContributionInput {
  Object.freeze(value.app);
  Object.freeze(value.options);
  return Object.freeze(value);
}
