import { describe, expect, it } from 'vitest';
import { type AcceptLockInput, acceptLock } from './accept-lock.ts';
import { readManifests } from './touched.ts';

type Entry = Record<string, unknown>;
type Packages = Record<string, Entry>;

const registry = 'https://registry.example';

function pack(name: string, version: string, more: Entry = {}): Entry {
  const file = `${name.split('/').at(-1)}-${version}.tgz`;
  const integrity = `sha512-${Buffer.from(`${name}@${version}`).toString('base64')}`;
  return { version, resolved: `${registry}/${name}/-/${file}`, integrity, ...more };
}

const rootOf = (dependencies: Entry) => ({ name: 'app', version: '1.0.0', dependencies });
const basePackages: Packages = {
  '': rootOf({ framework: '1.0.0', tool: '^1.0.0' }),
  'node_modules/framework': pack('framework', '1.0.0', { dependencies: { shared: '^1.0.0' } }),
  'node_modules/shared': pack('shared', '1.4.0', { dev: true }),
  'node_modules/tool': pack('tool', '1.0.0'),
};
const withSdk: Packages = {
  ...basePackages,
  '': rootOf({ framework: '1.0.0', sdk: '2.0.0', tool: '^1.0.0' }),
  'node_modules/@sdk/core': pack('@sdk/core', '2.1.0'),
  'node_modules/sdk': pack('sdk', '2.0.0', {
    dependencies: { '@sdk/core': '^2.0.0', shared: '^2.0.0' },
    peerDependencies: { framework: '*' },
  }),
  'node_modules/sdk/node_modules/shared': pack('shared', '2.0.0'),
};

const lockFile = (packages: Packages, more: Entry = {}): Uint8Array =>
  Buffer.from(
    `${JSON.stringify({ name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages, ...more }, null, 2)}\n`,
  );

const manifestOf = (packages: Packages): string => JSON.stringify(packages['']);

function judge(base: Packages, result: Packages, change: Partial<AcceptLockInput> = {}): void {
  acceptLock({
    manager: 'npm',
    base: lockFile(base),
    result: lockFile(result),
    manifests: { base: new Map([['', manifestOf(base)]]), result: new Map([['', manifestOf(result)]]) },
    hosts: [],
    ...change,
  });
}

const edited = (path: string, change: Entry, packages = withSdk): Packages => {
  const entry = { ...packages[path], ...change };
  for (const key of Object.keys(entry)) if (entry[key] === undefined) delete entry[key];
  return { ...packages, [path]: entry };
};

const omitResolved = (packages: Packages): Packages =>
  JSON.parse(JSON.stringify(packages, (key, value: unknown) => (key === 'resolved' ? undefined : value))) as Packages;

describe('a lock file that npm wrote', () => {
  it('is accepted when a dependency comes, and when it goes', () => {
    judge(basePackages, withSdk);
    judge(withSdk, basePackages);
  });

  it('is accepted unchanged, whatever the manager', () => {
    judge(basePackages, basePackages);
    const bytes = Buffer.from('lockfileVersion: 9\n');
    judge(basePackages, basePackages, { manager: 'pnpm', base: bytes, result: bytes });
  });

  it('is accepted when a range changes and its package follows', () => {
    const newer = {
      ...basePackages,
      '': rootOf({ framework: '1.0.0', tool: '^1.1.0' }),
      'node_modules/tool': pack('tool', '1.2.0'),
    };
    judge(basePackages, newer);
    judge(newer, basePackages);
  });

  it('is accepted without any address, as the base has none', () => {
    judge(omitResolved(basePackages), omitResolved(withSdk));
    judge(omitResolved(withSdk), omitResolved(basePackages));
  });

  it('is accepted when a package gives up its place and moves below those who use it', () => {
    const direct = {
      ...basePackages,
      '': rootOf({ framework: '1.0.0', shared: '2.0.0', tool: '^1.0.0' }),
      'node_modules/framework/node_modules/shared': pack('shared', '1.4.0', { dev: true }),
      'node_modules/shared': pack('shared', '2.0.0'),
    };
    judge(basePackages, direct);
    judge(direct, basePackages);
  });

  it('is accepted when a package is now needed for more than development', () => {
    const uses = {
      ...withSdk,
      'node_modules/sdk': pack('sdk', '2.0.0', { dependencies: { '@sdk/core': '^2.0.0', shared: '^1.0.0' } }),
    };
    delete (uses as Packages)['node_modules/sdk/node_modules/shared'];
    judge(basePackages, edited('node_modules/shared', { dev: undefined }, uses));
  });

  it('is accepted from a host that the operator allows', () => {
    const mirrored = edited('node_modules/sdk', { resolved: 'https://mirror.example/sdk/-/sdk-2.0.0.tgz' });
    judge(basePackages, mirrored, { hosts: ['mirror.example'] });
    expect(() => judge(basePackages, mirrored)).toThrow(/node_modules\/sdk comes from mirror\.example/);
  });

  it('is accepted with bundled packages, and an alias that is asked for', () => {
    const bundles = {
      ...edited('node_modules/sdk', {
        bundleDependencies: ['inner'],
        dependencies: { '@sdk/core': '^2.0.0', inner: '1.0.0', shared: '^2.0.0' },
      }),
      'node_modules/sdk/node_modules/inner': { version: '1.0.0', inBundle: true },
    };
    judge(basePackages, bundles);
    const alias = edited('node_modules/sdk', { dependencies: { '@sdk/core': 'npm:other@^3.0.0', shared: '^2.0.0' } });
    judge(basePackages, { ...alias, 'node_modules/@sdk/core': pack('other', '3.0.0', { name: 'other' }) });
  });

  it('is accepted in version 2, which tells everything twice', () => {
    const legacyOf = (packages: Packages) => {
      const { shared: _, ...flat } = Object.fromEntries(
        Object.entries(packages)
          .filter(([path]) => path.lastIndexOf('node_modules/') === 0)
          .map(([path, entry]) => [path.slice(13), entry]),
      );
      return { lockfileVersion: 2, dependencies: flat };
    };
    const result = lockFile(withSdk, legacyOf(withSdk));
    judge(basePackages, withSdk, { base: lockFile(basePackages, legacyOf(basePackages)), result });
    const tampered = legacyOf(edited('node_modules/sdk', { version: '6.6.6' }));
    expect(() =>
      judge(basePackages, withSdk, {
        base: lockFile(basePackages, legacyOf(basePackages)),
        result: lockFile(withSdk, tampered),
      }),
    ).toThrow(/node_modules\/sdk is told in two ways: "version"/);
  });

  it('is accepted for a member of a workspace, with the manifests found in the tree', () => {
    const files = (range: string | undefined) =>
      new Map(
        Object.entries({
          'mobile/package.json': '{ "name": "root", "workspaces": ["apps/*"] }',
          'mobile/apps/one/package.json': JSON.stringify({
            name: 'one',
            dependencies: range === undefined ? {} : { sdk: range },
          }),
          'elsewhere/package.json': '{}',
        }).map(([path, text]) => [path, { mode: '100644' as const, bytes: Buffer.from(text) }]),
      );
    const packages = (dependencies: Entry | undefined, more: Packages): Packages => ({
      '': { name: 'root', workspaces: ['apps/*'] },
      'apps/one': { name: 'one', ...(dependencies === undefined ? {} : { dependencies }) },
      'node_modules/one': { resolved: 'apps/one', link: true },
      ...more,
    });
    const manifests = {
      base: readManifests(files(undefined), 'mobile/package-lock.json'),
      result: readManifests(files('2.0.0'), 'mobile/package-lock.json'),
    };
    expect([...manifests.base.keys()]).toEqual(['', 'apps/one']);
    judge(
      packages(undefined, { 'node_modules/a': pack('a', '1.0.0') }),
      packages({ sdk: '2.0.0' }, { 'node_modules/a': pack('a', '1.0.0'), 'node_modules/sdk': pack('sdk', '2.0.0') }),
      { manifests },
    );
  });
});

describe('a lock file that was tampered with', () => {
  const cases: [string, Packages, RegExp][] = [
    [
      'another version of what the plan does not touch',
      edited('node_modules/tool', pack('tool', '1.0.1')),
      /node_modules\/tool changed, and belongs to no dependency/,
    ],
    [
      'another integrity of what the plan does not touch',
      edited('node_modules/tool', { integrity: 'sha512-AAAA' }),
      /node_modules\/tool changed/,
    ],
    [
      'an unrelated package',
      { ...withSdk, 'node_modules/extra': pack('extra', '1.0.0') },
      /node_modules\/extra changed/,
    ],
    ['a package that is gone', { ...withSdk, 'node_modules/tool': undefined as never }, /node_modules\/tool changed/],
    [
      'an unrelated package behind a peer',
      edited('node_modules/shared', pack('shared', '1.5.0')),
      /node_modules\/shared changed/,
    ],
    [
      'a peer that its own range does not allow',
      edited('node_modules/framework', pack('framework', '1.0.1', { dependencies: { shared: '^1.0.0' } })),
      /node_modules\/framework is 1\.0\.1, and the app asks for 1\.0\.0/,
    ],
    [
      'a foreign host',
      edited('node_modules/sdk', { resolved: 'https://evil.example/sdk/-/sdk-2.0.0.tgz' }),
      /node_modules\/sdk comes from evil\.example/,
    ],
    [
      'the host over plain http',
      edited('node_modules/sdk', { resolved: 'http://registry.example/sdk/-/sdk-2.0.0.tgz' }),
      /node_modules\/sdk comes from registry\.example/,
    ],
    [
      'git',
      edited('node_modules/sdk', { resolved: 'git+ssh://git@registry.example/sdk.git#abc' }),
      /node_modules\/sdk comes from/,
    ],
    [
      'the address of another package',
      edited('node_modules/sdk', { resolved: `${registry}/evil/-/evil-2.0.0.tgz` }),
      /not the address of sdk/,
    ],
    [
      'no integrity',
      edited('node_modules/@sdk/core', { integrity: undefined }),
      /node_modules\/@sdk\/core has no integrity/,
    ],
    [
      'no address',
      edited('node_modules/@sdk/core', { resolved: undefined }),
      /node_modules\/@sdk\/core comes from no host/,
    ],
    [
      'another integrity of a known version',
      {
        ...edited('node_modules/sdk', { dependencies: { '@sdk/core': '^2.0.0', shared: '^1.0.0' } }),
        'node_modules/sdk/node_modules/shared': pack('shared', '1.4.0', { integrity: 'sha512-AAAA' }),
      },
      /another integrity than shared 1\.4\.0/,
    ],
    [
      'a version nobody asked for',
      edited('node_modules/sdk', pack('sdk', '2.0.1')),
      /node_modules\/sdk is 2\.0\.1, and the app asks for 2\.0\.0/,
    ],
    [
      'another name',
      edited('node_modules/sdk', pack('evil', '2.0.0', { name: 'evil' })),
      /node_modules\/sdk is evil, and the app asks for sdk/,
    ],
    [
      'a link out of the tree',
      { ...basePackages, '': withSdk[''] ?? {}, 'node_modules/sdk': { resolved: '../evil', link: true } },
      /node_modules\/sdk changed, and belongs to no dependency/,
    ],
    [
      'a bundle that nobody made',
      edited('node_modules/@sdk/core', { inBundle: true, integrity: undefined, resolved: undefined }),
      /node_modules\/@sdk\/core says that it is bundled/,
    ],
    [
      'the dependency missing',
      Object.fromEntries(
        Object.entries(basePackages).map(([path, entry]) => [path, path === '' ? (withSdk[''] ?? {}) : entry]),
      ),
      /sdk is in package\.json, and not in the lock file/,
    ],
    [
      'a script in the root entry',
      edited('', { hasInstallScript: true }),
      /root package changed in "hasInstallScript"/,
    ],
  ];

  it.each(cases)('by %s is rejected', (_, result, message) => {
    const cleaned = JSON.parse(JSON.stringify(result)) as Packages;
    const manifests = { base: new Map([['', manifestOf(basePackages)]]), result: new Map([['', manifestOf(withSdk)]]) };
    expect(() => judge(basePackages, cleaned, { manifests })).toThrow(message);
    expect(() => judge(basePackages, cleaned, { manifests })).toThrow(
      expect.objectContaining({ code: 'lock_rejected' }),
    );
  });

  it('is rejected in its head, in its root entry, as another version or no JSON', () => {
    expect(() => judge(basePackages, withSdk, { result: lockFile(withSdk, { name: 'other' }) })).toThrow(
      /"name" at the top/,
    );
    const other = { ...withSdk, '': rootOf({ framework: '1.0.0', sdk: '2.0.0', tool: '^1.0.0', evil: '1.0.0' }) };
    const manifests = { base: new Map([['', manifestOf(basePackages)]]), result: new Map([['', manifestOf(withSdk)]]) };
    expect(() => judge(basePackages, other, { manifests })).toThrow(
      /root package does not say what its package\.json says/,
    );
    expect(() => judge(basePackages, withSdk, { base: lockFile(basePackages, { lockfileVersion: 1 }) })).toThrow(
      /npm 7 or newer/,
    );
    expect(() => judge(basePackages, withSdk, { result: Buffer.from('{') })).toThrow(/no JSON/);
  });

  it('is rejected when another manager wrote it', () => {
    expect(() => judge(basePackages, withSdk, { manager: 'yarn' })).toThrow(/not one of yarn 3 or newer/);
  });

  it('is rejected when what is removed takes something unrelated along, or leaves a changed neighbour', () => {
    const { 'node_modules/tool': _, ...less } = basePackages;
    const manifests = { base: new Map([['', manifestOf(withSdk)]]), result: new Map([['', manifestOf(basePackages)]]) };
    expect(() => judge(withSdk, less, { manifests })).toThrow(/node_modules\/tool changed/);
    expect(() =>
      judge(withSdk, edited('node_modules/shared', pack('shared', '1.5.0'), basePackages), { manifests }),
    ).toThrow(/node_modules\/shared changed/);
  });
});
