import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundledList, expoPackages, untestedSdk } from '../test/harness/expo-packages.ts';
import { type TestRegistry, startRegistry } from '../test/harness/registry.ts';

const script = join(import.meta.dirname, 'plan.ts');
const template = join(import.meta.dirname, '../test/golden/blank-template/input');
let folder: string;
let app: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'graft-plan-'));
  app = join(folder, 'app');
  cpSync(template, app, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function planApp(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function planJson(...args: string[]) {
  const { status, stdout } = planApp(...args, '--json');
  return { exit: status, ...JSON.parse(stdout) };
}

function texts(path = app): Record<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Object.fromEntries(files.map((file) => [relative(path, file), readFileSync(file, 'utf8')]));
}

function git(...args: string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: app, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

describe('npm run plan', () => {
  it('prints a diff that git applies, and changes nothing', () => {
    git('init', '--quiet');
    const before = texts();
    const { status, stdout } = planApp(app, 'stripe');
    expect(status).toBe(0);
    expect(stdout).toContain('+import { ConnectorProviders }');
    expect(stdout).toContain('npm install');
    expect(stdout).not.toContain('\u001B[');
    expect(texts()).toEqual(before);
    writeFileSync(join(folder, 'plan.diff'), stdout);
    git('apply', '../plan.diff');
    expect(planJson(app, 'stripe')).toMatchObject({ exit: 0, status: 'nothing', files: [] });
  });

  it('takes what Next.js has built for no source of the app', () => {
    mkdirSync(join(app, '.next/server'), { recursive: true });
    writeFileSync(join(app, '.next/server/page.js'), "require('@stripe/stripe-react-native');\n");
    expect(planJson(app, 'stripe')).toMatchObject({ exit: 0, status: 'planned', manual: [] });
  });

  it('takes what a build left in a folder that git ignores for no source of the app, but reads what Graft wrote', () => {
    git('init', '--quiet');
    writeFileSync(join(app, '.gitignore'), 'out/\n/connectors/\n');
    mkdirSync(join(app, 'out/server'), { recursive: true });
    writeFileSync(join(app, 'out/server/page.js'), "require('@stripe/stripe-react-native');\n");
    expect(planJson(app, 'stripe', '--write')).toMatchObject({ exit: 0, status: 'planned', manual: [] });
    expect(planJson(app, 'stripe')).toMatchObject({ exit: 0, status: 'nothing', files: [] });
  });

  it('writes the files, finds nothing to do, and takes all out again', () => {
    const before = texts();
    const planned = planJson(app, 'stripe', '--write', '--options', '{"subscriptions": true}');
    expect(planned).toMatchObject({ exit: 0, status: 'planned', manual: [] });
    expect(planned.planHash).toMatch(/^[0-9a-f]{64}$/);
    expect(planned.files).toContainEqual({
      path: 'App.tsx',
      change: 'edit',
      diff: expect.stringContaining('+++ b/App.tsx'),
    });
    expect(planned.nextSteps.length).toBeGreaterThan(0);
    expect(texts()['.graft/stripe.json']).toContain('"subscriptions": true');
    expect(planApp(app, 'stripe')).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to do') });
    expect(planApp(app, 'stripe', '--remove', '--write').status).toBe(0);
    expect(texts()).toEqual(before);
    expect(readdirSync(app)).not.toContain('connectors');
    expect(planApp(app, 'stripe', '--remove')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Nothing to do'),
    });
  });

  it('writes what it can and exits with 2 when something is left to a person', () => {
    writeFileSync(join(app, 'App.tsx'), 'export default render(;\n');
    const planned = planJson(app, 'stripe', '--write');
    expect(planned).toMatchObject({ exit: 2, status: 'manual' });
    expect(planned.manual).toEqual([
      {
        file: 'App.tsx',
        reason: expect.stringContaining('does not parse'),
        snippet: expect.stringContaining('ConnectorProviders'),
      },
    ]);
    expect(texts()['package.json']).toContain('@stripe/stripe-react-native');
    const again = planApp(app, 'stripe');
    expect(again.status).toBe(2);
    expect(again.stdout).toMatch(/^Needs a person: App\.tsx/);
  });

  it('reads the lock and the ignored files of the repository around an app', () => {
    const shop = join(app, 'apps/shop');
    const { '.gitignore': ignored = '', ...own } = texts();
    rmSync(app, { recursive: true });
    for (const [path, text] of Object.entries(own)) {
      mkdirSync(join(shop, path, '..'), { recursive: true });
      writeFileSync(join(shop, path), text);
    }
    writeFileSync(join(app, '.gitignore'), ignored);
    writeFileSync(
      join(app, 'pnpm-lock.yaml'),
      'importers:\n\n  apps/shop:\n    dependencies:\n      expo:\n        specifier: ~57.0.0\n        version: 57.0.9(react@19.2.3)\n',
    );
    git('init', '--quiet');
    const planned = planJson(shop, 'stripe');
    expect(planned).toMatchObject({ exit: 0, command: 'pnpm install' });
    expect(planned.files.map(({ path }: { path: string }) => path)).toContain('App.tsx');
    expect(planned.files.map(({ path }: { path: string }) => path)).not.toContain('.gitignore');
  });

  it('writes through no link', () => {
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(app, 'connectors'));
    const { status, stderr } = planApp(app, 'stripe', '--write');
    expect(status).toBe(1);
    expect(stderr).toContain('symbolic link');
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
    expect(texts()['App.tsx']).not.toContain('ConnectorProviders');
  });

  it.each([
    ['.env.example', 'is no file'],
    ['package.json', 'package.json is missing or cannot be read'],
  ])('writes nothing where a folder has the name of a file: %s', (name, sentence) => {
    rmSync(join(app, name), { force: true });
    mkdirSync(join(app, name));
    const before = texts();
    const { status, stderr } = planApp(app, 'stripe', '--write');
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
    expect(texts()).toEqual(before);
  });

  it.each([
    [['app', 'strip'], 'There is no connector "strip".'],
    [['app', 'stripe,strip'], 'There is no connector "strip".'],
    [['nowhere', 'stripe'], 'There is no folder nowhere.'],
    [['.', 'stripe'], '. holds no package.json'],
    [['app'], 'Name an app folder and connectors.'],
    [['app', 'stripe,'], 'names no connector'],
    [['app', 'stripe', '--options', '{"currency": "EUR"}'], 'options.currency: Write the currency as eur.'],
    [['app', 'stripe', '--options', '[1]'], '--options is no JSON object'],
    [['app', 'stripe', '--options', '{'], 'JSON'],
    [['app', 'stripe', '--alias', 'Second One'], 'is no alias'],
    [['app', 'stripe', '--alias', 'not-for-the-api'], 'is no alias'],
    [['app', 'stripe', '--wirte'], "Unknown option '--wirte'"],
    [['app', 'strip', '--remove'], 'There is no connector "strip".'],
  ])('refuses %j with one clear sentence', (args, sentence) => {
    const { status, stdout, stderr } = planApp(...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses a second alias of what an app can hold only once, and takes a first one', () => {
    expect(planApp('app', 'stripe', '--alias', 'eu', '--write').status).toBe(0);
    expect(texts()['.env.example']).toContain('EU');
    const { status, stderr } = planApp('app', 'stripe');
    expect(status).toBe(1);
    expect(stderr).toContain('Use --alias eu.');
  });

  it('takes a second project of what an app can hold more than once, and the first one out from beside it', () => {
    expect(planApp('app', 'supabase', '--alias', 'logs', '--write').status).toBe(0);
    const alone = texts();
    expect(planApp('app', 'supabase', '--write').status).toBe(0);
    expect(texts()['.env.example']).toMatch(/^EXPO_PUBLIC_LOGS_SUPABASE_URL=[^]*^EXPO_PUBLIC_SUPABASE_URL=/m);
    expect(planApp('app', 'supabase', '--remove', '--write').status).toBe(0);
    expect(texts()).toEqual(alone);
  });

  describe('of an SDK that the connector was not tested with', () => {
    let registry: TestRegistry;
    beforeAll(async () => {
      registry = await startRegistry([
        ...expoPackages,
        { manifest: { name: 'expo', version: '40.0.0' }, files: { 'bundledNativeModules.json': '{}' } },
      ]);
    });
    afterAll(() => registry.close());

    async function planWith(url: string, version: string, ...names: string[]) {
      const manifest = join(app, 'package.json');
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"expo": ".*"/, `"expo": "${version}"`));
      const env = { ...process.env, npm_config_registry: url, XDG_CACHE_HOME: join(folder, 'cache') };
      const run = (...args: string[]) =>
        promisify(execFile)(process.execPath, [script, app, ...args], { env }).catch((error: unknown) => error);
      const { stdout } = (await run(...names)) as { stdout: string };
      const { stdout: data } = (await run(...names, '--json')) as { stdout: string };
      return { stdout, json: JSON.parse(data) };
    }

    it('takes the versions that the SDK brings, says that it is untested, and asks the registry once', async () => {
      const { stdout, json } = await planWith(registry.url, `~${untestedSdk.version}`, 'stripe');
      expect(json).toMatchObject({ status: 'planned', nextSteps: expect.any(Array) });
      expect(json.nextSteps[0]).toMatchObject({ kind: 'untested', text: { ar: expect.stringContaining('SDK 99') } });
      expect(stdout).toContain(`+    "@stripe/stripe-react-native": "${bundledList['@stripe/stripe-react-native']}"`);
      expect(stdout).toContain('- Stripe was not tested with Expo SDK 99, only with 54');
      expect(registry.asked).toEqual(['/expo', `/expo/-/expo-${untestedSdk.version}.tgz`]);
    });

    it('is refused where nothing tells the versions, and while the registry is away', async () => {
      for (const [version, url, code] of [
        ['40.0.0', registry.url, 'unsupported_sdk'],
        ['41.0.0', registry.url, 'unsupported_sdk'],
        ['42.0.0', 'http://127.0.0.1:1/', 'unavailable'],
      ] as const) {
        const { json } = await planWith(url, version, 'stripe');
        expect(json).toMatchObject({ status: 'refused', files: [], error: { code } });
      }
    });

    it('asks nobody where the SDK is in the table', async () => {
      const { json } = await planWith('http://127.0.0.1:1/', '~57.0.26', 'stripe,supabase');
      expect(json).toMatchObject({ status: 'planned' });
      expect(JSON.stringify(json)).not.toContain('untested');
    });
  });
});
