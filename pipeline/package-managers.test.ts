import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptLock } from '../codegen/accept-lock.ts';
import { readManifests } from '../codegen/touched.ts';
import type { PipelineInput } from '../contract/pipeline.ts';
import { lockNames, madeUpPackages, managersFolder, settingsFor, writeLock } from '../test/harness/package-managers.ts';
import { type TestRegistry, startRegistry } from '../test/harness/registry.ts';
import { installDependencies } from './dependencies.ts';
import type { ManagerKind } from './manager-commands.ts';
import { runPipeline } from './run-pipeline.ts';
import { prepareRun, sampleFiles, snapshotOf, workingSandboxes } from './sample-app.ts';
import { createWorkspace } from './workspace.ts';

const [sandbox = 'none'] = await workingSandboxes();
const baseManifest = `${JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { framework: '1.0.0', tool: '^1.0.0' } }, null, 2)}\n`;
const manifestWithSdk = baseManifest.replace('"tool"', '"sdk": "2.0.0",\n    "tool"');
let registry: TestRegistry;
let managers: string;
let root: string;

beforeAll(async () => {
  registry = await startRegistry(madeUpPackages);
  managers = await managersFolder();
  root = realpathSync(mkdtempSync(join(tmpdir(), 'graft-managers-')));
});

afterAll(async () => {
  await registry.close();
  rmSync(root, { recursive: true, force: true });
});

/** Installs the app with the sdk on the app without, both unpacked, by the real manager. */
async function install(
  kind: ManagerKind,
  lock: string,
  more: Record<string, string> = {},
  own = registry.url,
  trees = { tree: manifestWithSdk, base: baseManifest },
) {
  const fresh = await createWorkspace(mkdtempSync(join(root, 'workspaces-')), 'prj_one', 'ins_one');
  const workspace = { ...fresh, managers };
  for (const [name, manifest] of Object.entries(trees))
    for (const [path, text] of Object.entries({
      ...settingsFor(kind),
      [lockNames[kind]]: lock,
      'package.json': manifest,
      ...more,
    })) {
      mkdirSync(dirname(join(workspace.folder, name, path)), { recursive: true });
      writeFileSync(join(workspace.folder, name, path), text);
    }
  const place = (name: string) => join(workspace.folder, name);
  const request = { packageManager: kind, appDir: '', lockFile: lockNames[kind], changesLock: true };
  const context = {
    sandbox,
    workspace,
    registry: own,
    registryHosts: [],
    signal: new AbortController().signal,
  };
  const installed = await installDependencies({ ...request, tree: place('tree'), base: place('base') }, context);
  return { ...installed, has: (path: string) => existsSync(join(place('tree'), path)) };
}

function judge(manager: ManagerKind, base: string, result: string): void {
  const of = (text: string) =>
    /^ *"?sdk@2/m.test(text) || text.includes('"sdk@npm:2') || text.includes('"sdk": [')
      ? manifestWithSdk
      : baseManifest;
  acceptLock({
    manager,
    base: Buffer.from(base),
    result: Buffer.from(result),
    manifests: { base: new Map([['', of(base)]]), result: new Map([['', of(result)]]) },
    hosts: [],
  });
}

/** What hostile hands would write, by manager: a foreign host, another hash, a package that moved, and one more package. */
const tamperings: Record<Exclude<ManagerKind, 'npm'>, [string, (lock: string) => string, RegExp][]> = {
  pnpm: [
    [
      'a foreign host',
      (lock) =>
        lock.replace(/( {2}sdk@2\.0\.0:\n {4}resolution: \{)/, '$1tarball: https://evil.example/sdk/-/sdk-2.0.0.tgz, '),
      /sdk@2\.0\.0 comes from evil\.example/,
    ],
    [
      'swapped integrity',
      (lock) => lock.replace(/( {2}tool@1\.0\.1:\n {4}resolution: \{integrity: sha512-)..../, '$1AAAA'),
      /tool@1\.0\.1 has another integrity/,
    ],
    [
      'no integrity',
      (lock) => lock.replace(/( {2}sdk@2\.0\.0:\n {4}resolution: )\{.*\}/, '$1{}'),
      /sdk@2\.0\.0 has no integrity/,
    ],
    [
      'an unrelated package that moved',
      (lock) => lock.replaceAll('tool@1.0.1', 'tool@1.0.0').replace('version: 1.0.1', 'version: 1.0.0'),
      /tool of the root package changed/,
    ],
    [
      'another version below an unrelated package',
      (lock) => lock.replace(/(tool@1\.0\.1:\n {4}dependencies:\n {6}shared: )1\.4\.0/, '$12.0.0'),
      /tool@1\.0\.1 got another shared/,
    ],
  ],
  yarn1: [
    [
      'a foreign host',
      (lock) => lock.replace(/"https?:[^"]*(\/sdk\/-\/sdk)/, '"https://evil.example$1'),
      /sdk@2\.0\.0 comes from evil\.example/,
    ],
    [
      'swapped integrity',
      (lock) => lock.replace(/(tool@[^]*?integrity sha512-)..../, '$1AAAA'),
      /tool@1\.0\.1 has another integrity/,
    ],
    ['no integrity', (lock) => lock.replace(/(\nsdk@[^]*?) {2}integrity .*\n/, '$1'), /sdk@2\.0\.0 has no integrity/],
    [
      'an unrelated package that moved',
      (lock) => lock.replace(/(tool@\^1\.0\.0:\n {2}version "1\.0\.)1/, '$10'),
      /tool of the root package changed/,
    ],
  ],
  yarn: [
    [
      'a foreign host',
      (lock) =>
        lock.replace(
          'resolution: "sdk@npm:2.0.0',
          'resolution: "sdk@npm:2.0.0::__archiveUrl=https%3A%2F%2Fevil.example%2Fsdk%2F-%2Fsdk-2.0.0.tgz',
        ),
      /sdk@npm:2\.0\.0.* comes from/,
    ],
    [
      'swapped integrity',
      (lock) => lock.replace(/("tool@npm:[^]*?checksum: 10c0\/)..../, '$1aaaa'),
      /tool@npm:1\.0\.1.* has another integrity/,
    ],
    [
      'no integrity',
      (lock) => lock.replace(/("sdk@npm:[^]*?) {2}checksum: .*\n/, '$1'),
      /sdk@npm:2\.0\.0.* has no integrity/,
    ],
    [
      'an unrelated package that moved',
      (lock) =>
        lock.replace(/("tool@npm:\^1\.0\.0":\n {2}version: 1\.0\.)1(\n {2}resolution: "tool@npm:1\.0\.)1/, '$10$20'),
      /tool of the root package changed/,
    ],
  ],
  bun: [
    [
      'a foreign host',
      (lock) => lock.replace(/("sdk": \["sdk@2\.0\.0", )"[^"]*"/, '$1"https://evil.example/sdk/-/sdk-2.0.0.tgz"'),
      /sdk@2\.0\.0 comes from evil\.example/,
    ],
    [
      'swapped integrity',
      (lock) => lock.replace(/("tool@1\.0\.1".*"sha512-)..../, '$1AAAA'),
      /tool@1\.0\.1 has another integrity/,
    ],
    [
      'no integrity',
      (lock) => lock.replace(/("sdk@2\.0\.0".*), "sha512-.*"\]/, '$1]'),
      /sdk@2\.0\.0 has no integrity|sdk@2\.0\.0 comes from/,
    ],
    [
      'an unrelated package that moved',
      (lock) => lock.replace('"tool@1.0.1"', '"tool@1.0.0"'),
      /tool of the root package changed/,
    ],
  ],
};

describe.each(['pnpm', 'yarn1', 'yarn', 'bun'] as const)('%s', (kind) => {
  let base: string;
  let result: string;

  it(
    'writes a lock file that is accepted, installs it, and gives the base bytes on the way back',
    { timeout: 180_000 },
    async () => {
      const files = { ...settingsFor(kind), 'package.json': baseManifest };
      const written = await writeLock(kind, files, { managers, registry: registry.url });
      // As people have it who install from the public registry.
      base = kind === 'yarn1' ? written.replaceAll(registry.url, 'https://registry.yarnpkg.com/') : written;
      const installed = await install(kind, base);
      expect([installed.verdict, installed.summary]).toEqual(['passed', expect.stringContaining('the same bytes')]);
      expect(installed.roundTrip).toBe(true);
      result = Buffer.from(installed.lock ?? '').toString();
      expect(result).not.toBe(base);
      judge(kind, base, result);
      judge(kind, result, base);
      for (const name of ['sdk/index.js', 'framework/package.json', 'tool/package.json'])
        expect([name, installed.has(`node_modules/${name}`)]).toEqual([name, true]);
    },
  );

  it.each(tamperings[kind])('is not accepted with %s', (_, tamper, message) => {
    const tampered = tamper(result);
    expect(tampered).not.toBe(result);
    expect(() => judge(kind, base, tampered)).toThrow(message);
    expect(() => judge(kind, base, tampered)).toThrow(expect.objectContaining({ code: 'lock_rejected' }));
  });
});

describe('an app of pnpm', () => {
  const lock = async (files: Record<string, string>) => writeLock('pnpm', files, { managers, registry: registry.url });
  const pinnedBy = (text: string, algorithm: string, digest: string) =>
    text.replace('"version"', `"packageManager": "pnpm@10.34.8+${algorithm}.${digest}",\n  "version"`);

  it('in a workspace goes through the whole pipeline, by the version that it pins', { timeout: 180_000 }, async () => {
    const app = sampleFiles();
    const inApp = Object.entries(app).map(([path, text]) => [`apps/mobile/${path}`, text] as const);
    const unlocked: Record<string, string> = {
      ...Object.fromEntries(inApp),
      'package.json': '{ "name": "root", "version": "1.0.0", "private": true }\n',
      'pnpm-workspace.yaml': "packages:\n  - 'apps/*'\n  - '!apps/other'\n",
      'apps/web/package.json': '{ "name": "web", "version": "1.0.0", "dependencies": { "tool": "1.0.0" } }\n',
      'apps/other/package.json': '{ "name": "other", "dependencies": { "x": "github:someone/x" } }\n',
    };
    const base = await lock(unlocked);
    const digest = createHash('sha512')
      .update(readFileSync(join(managers, 'pnpm-10.34.8/package.tgz')))
      .digest('hex');
    const files: Record<string, string> = {
      ...unlocked,
      'package.json': pinnedBy(unlocked['package.json'] ?? '', 'sha512', digest),
      'pnpm-lock.yaml': base,
    };
    const manifest = 'apps/mobile/package.json';
    const changed = (files[manifest] ?? '').replace('"dependencies": {', '"dependencies": {\n    "sdk": "2.0.0",');
    const prepared = await prepareRun({ files, plan: { [manifest]: changed } }, sandbox);
    symlinkSync(managers, join(prepared.workspaces, 'managers'));
    const input: PipelineInput = {
      ...prepared.input,
      appDir: 'apps/mobile',
      packageManager: 'pnpm',
      lockFile: 'pnpm-lock.yaml',
    };
    const report = await runPipeline(input, { ...prepared.context, registry: registry.url });
    expect(report.steps.map(({ step, verdict, summary }) => [step, verdict, summary])).toEqual([
      ['dependencies', 'passed', expect.stringContaining('pnpm 10.34.8 wrote pnpm-lock.yaml')],
      ['types', 'passed', expect.anything()],
      ['lint', 'skipped', expect.anything()],
      ['build', 'passed', expect.anything()],
      ['versions', 'passed', expect.anything()],
      ['server', 'skipped', expect.anything()],
    ]);
    expect(report.lockRoundTrip).toBe(true);
    const result = prepared.artifacts.text(report.lock ?? '');
    const manifests = { base: snapshotOf(files), result: snapshotOf({ ...files, [manifest]: changed }) };
    acceptLock({
      manager: 'pnpm',
      base: Buffer.from(base),
      result: Buffer.from(result),
      manifests: {
        base: readManifests(manifests.base, 'pnpm-lock.yaml'),
        result: readManifests(manifests.result, 'pnpm-lock.yaml'),
      },
      hosts: [],
    });
    rmSync(prepared.workspaces, { recursive: true });
  });

  it('keeps what pnpm 12 writes about itself, and asks no registry for it', { timeout: 180_000 }, async () => {
    const version = '12.14.0';
    const itself = `---
lockfileVersion: '9.0'

importers:

  .:
    configDependencies: {}
    packageManagerDependencies:
      pnpm:
        specifier: ${version}
        version: ${version}

packages:

  pnpm@${version}:
    resolution: {integrity: sha512-${'P'.repeat(86)}==}
    hasBin: true

snapshots:

  pnpm@${version}: {}

---
`;
    const pin = (text: string) => text.replace('"version"', `"packageManager": "pnpm@${version}",\n  "version"`);
    const engines = `"devEngines": { "packageManager": { "name": "pnpm", "version": "${version}" } },\n  "version"`;
    const inEngines = (text: string) => text.replace('"version"', engines);
    const base = await lock({ 'package.json': pin(baseManifest) });
    const cases = [
      ['pinned, and not written down', pin, base],
      ['pinned, and written down', pin, itself + base],
      ['named as an engine', inEngines, itself + base],
    ] as const;
    for (const [title, named, before] of cases) {
      const trees = { tree: named(manifestWithSdk), base: named(baseManifest) };
      const installed = await install('pnpm', before, {}, registry.url, trees);
      expect([title, installed.verdict, installed.roundTrip]).toEqual([title, 'passed', true]);
      expect(installed.summary).toContain(`pnpm ${version} wrote pnpm-lock.yaml`);
      expect(installed.has('node_modules/sdk/index.js')).toBe(true);
      judge('pnpm', before, Buffer.from(installed.lock ?? '').toString());
    }
    expect(registry.asked).not.toContain('/pnpm');
  });

  it('is not installed by a package that has another hash than it pins', { timeout: 120_000 }, async () => {
    const base = await lock({ 'package.json': baseManifest });
    const pinned = { 'package.json': pinnedBy(manifestWithSdk, 'sha224', 'a'.repeat(56)) };
    await expect(install('pnpm', base, pinned)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining('pins pnpm 10.34.8 by a hash'),
    });
  });

  it('reaches no other host: its log names what was refused', { timeout: 120_000 }, async () => {
    const foreign = await startRegistry(madeUpPackages);
    const base = await lock({ 'package.json': baseManifest });
    const { host } = new URL(foreign.url);
    const tampered = base.replace(
      /( {2}tool@1\.0\.1:\n {4}resolution: \{)/,
      `$1tarball: ${foreign.url}tool/-/tool-1.0.1.tgz, `,
    );
    const refused = await install('pnpm', tampered);
    expect([refused.verdict, refused.refused, refused.summary]).toEqual([
      'failed',
      true,
      expect.stringContaining(host),
    ]);
    const settings = { '.npmrc': `@sdk:registry=${foreign.url}\n` };
    // Named in a place that nobody reads before: the registry's own answer.
    const leading = await startRegistry(madeUpPackages, { tarballsAt: foreign.url });
    const installed = await install('pnpm', base, settings, leading.url);
    expect([installed.verdict, installed.summary]).toEqual(['failed', expect.stringContaining(`${host} was refused`)]);
    expect(installed.log).toContain(`(refused: ${host}, which the operator does not name)`);
    expect(foreign.asked).toEqual([]);
    await foreign.close();
    await leading.close();
  });
});
