import { describe, expect, it } from 'vitest';
import { acceptLock } from './accept-lock.ts';

type Manager = Parameters<typeof acceptLock>[0]['manager'];

const manifest = (dependencies: Record<string, string>) => JSON.stringify({ name: 'app', dependencies });
const without = manifest({ tool: '1.0.0', wisher: '1.0.0' });
const withSdk = manifest({ sdk: '^2.0.0', tool: '1.0.0', wisher: '1.0.0' });

function judge(manager: Manager, base: string, result: string, change: { base?: string; result?: string } = {}): void {
  const manifests = { base: change.base ?? without, result: change.result ?? withSdk };
  acceptLock({
    manager,
    base: Buffer.from(base),
    result: Buffer.from(result),
    manifests: { base: new Map([['', manifests.base]]), result: new Map([['', manifests.result]]) },
    hosts: ['mirror.example'],
  });
}

const hash = (letter: string) => `sha512-${letter.repeat(86)}==`;

const pnpm = (importer: string, packages: string, snapshots: string) => `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

importers:

  .:
    dependencies:
${importer}
packages:

  tool@1.0.0:
    resolution: {integrity: ${hash('T')}}

  wisher@1.0.0:
    resolution: {integrity: ${hash('W')}}
    peerDependencies:
      sdk: '*'
${packages}
snapshots:

  tool@1.0.0: {}
${snapshots}`;
const pnpmTool = '      tool:\n        specifier: 1.0.0\n        version: 1.0.0\n';
const pnpmWisher = (version: string) => `      wisher:\n        specifier: 1.0.0\n        version: ${version}\n`;
const pnpmBase = pnpm(pnpmTool + pnpmWisher('1.0.0'), '', '\n  wisher@1.0.0: {}\n');
const pnpmGranted = pnpm(
  `      sdk:\n        specifier: ^2.0.0\n        version: 2.1.0\n${pnpmTool}${pnpmWisher('1.0.0(sdk@2.1.0)')}`,
  `\n  sdk@2.1.0:\n    resolution: {integrity: ${hash('S')}}\n`,
  '\n  sdk@2.1.0: {}\n\n  wisher@1.0.0(sdk@2.1.0):\n    dependencies:\n      sdk: 2.1.0\n',
);
/** What pnpm says of itself before the lock file, in an app that pins it. */
const pinned = (letter: string) => `---
lockfileVersion: '9.0'

importers:

  .:
    configDependencies: {}
    packageManagerDependencies:
      pnpm:
        specifier: 12.14.0
        version: 12.14.0

packages:

  pnpm@12.14.0:
    resolution: {integrity: ${hash(letter)}}
    hasBin: true

snapshots:

  pnpm@12.14.0: {}

---
`;

const bun = (asked: string, packages: string) => `{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "app",
      "dependencies": { ${asked}"tool": "1.0.0", "wisher": "1.0.0", },
    },
  },
  "packages": {
    "tool": ["tool@1.0.0", "", { "dependencies": { "shared": "^1.0.0" } }, "${hash('T')}"],
    "shared": ["shared@1.0.0", "", {}, "${hash('H')}"],
    "wisher": ["wisher@1.0.0", "", { "peerDependencies": { "sdk": "*" } }, "${hash('W')}"],
${packages}  },
}
`;
const bunBase = bun('', '');
const bunSdk = '    "sdk": ["sdk@2.1.0", "", { "dependencies": { "shared": "^2.0.0" } }, "' + hash('S') + '"],\n';
const bunGranted = bun('"sdk": "^2.0.0", ', `${bunSdk}    "sdk/shared": ["shared@2.0.0", "", {}, "${hash('J')}"],\n`);

const yarnEntry = (key: string, fields: string[]) => `"${key}":\n${fields.map((line) => `  ${line}\n`).join('')}\n`;
const yarn = (asked: string[], entries: string) =>
  `__metadata:\n  version: 8\n  cacheKey: 10c0\n\n${yarnEntry('app@workspace:.', ['version: 0.0.0-use.local', 'resolution: "app@workspace:."', 'dependencies:', ...asked.map((line) => `  ${line}`), 'languageName: unknown', 'linkType: soft'])}${entries}`;
const yarnPackage = (
  name: string,
  range: string,
  version: string,
  more: string[] = [`checksum: 10c0/${'a'.repeat(128)}`],
) =>
  yarnEntry(`${name}@npm:${range}`, [
    `version: ${version}`,
    `resolution: "${name}@npm:${version}"`,
    ...more,
    'languageName: node',
    'linkType: hard',
  ]);
const yarnOthers = yarnPackage('tool', '1.0.0', '1.0.0') + yarnPackage('wisher', '1.0.0', '1.0.0');
const yarnBase = yarn(['tool: "npm:1.0.0"', 'wisher: "npm:1.0.0"'], yarnOthers);
const yarnWith = (sdk: string) =>
  yarn(['sdk: "npm:^2.0.0"', 'tool: "npm:1.0.0"', 'wisher: "npm:1.0.0"'], sdk + yarnOthers);

describe('a lock file that lists packages', () => {
  it('is accepted when what came is a wish of another package', () => {
    judge('pnpm', pnpmBase, pnpmGranted);
    judge('pnpm', pnpmGranted, pnpmBase, { base: withSdk, result: without });
    judge('pnpm', pinned('P') + pnpmBase, pinned('P') + pnpmGranted);
    judge('bun', bunBase, bunGranted);
    judge('bun', bunGranted, bunBase, { base: withSdk, result: without });
  });

  it('is accepted with a mirror that the operator names, and with what yarn fetches for other platforms only', () => {
    judge(
      'bun',
      bunBase,
      bunGranted.replace('"sdk@2.1.0", ""', '"sdk@2.1.0", "https://mirror.example/sdk/-/sdk-2.1.0.tgz"'),
    );
    judge('yarn', yarnBase, yarnWith(yarnPackage('sdk', '^2.0.0', '2.1.0')));
    judge('yarn', yarnBase, yarnWith(yarnPackage('sdk', '^2.0.0', '2.1.0', ['conditions: os=darwin'])));
  });

  const cases: [string, Manager, string, string, RegExp][] = [
    [
      'another version than was asked for',
      'pnpm',
      pnpmBase,
      pnpmGranted.replaceAll('2.1.0', '3.0.0'),
      /sdk@3\.0\.0 is 3\.0\.0, and the app asks for \^2\.0\.0/,
    ],
    [
      'another range than package.json has',
      'pnpm',
      pnpmBase,
      pnpmGranted.replace('specifier: ^2.0.0', 'specifier: "*"'),
      /does not say what its package\.json says of sdk/,
    ],
    [
      'a setting that changed',
      'pnpm',
      pnpmBase,
      pnpmGranted.replace('autoInstallPeers: true', 'autoInstallPeers: false'),
      /"settings" at the top/,
    ],
    [
      'another pnpm than was pinned',
      'pnpm',
      pinned('P') + pnpmBase,
      pinned('Q') + pnpmGranted,
      /"pnpm's own document" at the top/,
    ],
    ['a pnpm that nobody pinned', 'pnpm', pnpmBase, pinned('P') + pnpmGranted, /"pnpm's own document" at the top/],
    ['one document more', 'pnpm', pnpmBase, `${pinned('P')}${pnpmGranted}---\n${pnpmGranted}`, /the result/],
    [
      'a package from git',
      'pnpm',
      pnpmBase,
      pnpmGranted.replace(
        `sdk@2.1.0:\n    resolution: {integrity: ${hash('S')}}`,
        `sdk@2.1.0:\n    resolution: {integrity: ${hash('S')}, type: git, repo: x, commit: y}`,
      ),
      /sdk@2\.1\.0 comes from/,
    ],
    [
      'a package that nobody asks for',
      'pnpm',
      pnpmBase,
      pnpmGranted.replace(
        '\nsnapshots:\n',
        `\n  evil@1.0.0:\n    resolution: {integrity: ${hash('E')}}\n\nsnapshots:\n`,
      ),
      /evil@1\.0\.0 changed, and belongs to no dependency/,
    ],
    [
      'an entry that is missing',
      'pnpm',
      pnpmBase,
      pnpmGranted
        .replace(`\n  sdk@2.1.0:\n    resolution: {integrity: ${hash('S')}}\n`, '')
        .replace('\n  sdk@2.1.0: {}\n', ''),
      /sdk@2\.1\.0 changed|which is not in the lock file/,
    ],
    [
      'another package under its name',
      'bun',
      bunBase,
      bunGranted.replace('"sdk@2.1.0"', '"evil@2.1.0"'),
      /evil@2\.1\.0 is evil, and the app asks for sdk/,
    ],
    [
      'the address of another package',
      'bun',
      bunBase,
      bunGranted.replace('"sdk@2.1.0", ""', '"sdk@2.1.0", "https://mirror.example/evil/-/evil-2.1.0.tgz"'),
      /is not the address of sdk/,
    ],
    [
      'another package for an unrelated one',
      'bun',
      bunBase,
      bunGranted.replace(
        '    "sdk/shared"',
        `    "tool/shared": ["shared@2.0.0", "", {}, "${hash('J')}"],\n    "sdk/shared"`,
      ),
      /tool@1\.0\.0 got another shared/,
    ],
    [
      'a name that is there twice',
      'bun',
      bunBase,
      bunGranted.replace('    "sdk/shared"', `    "tool": ["tool@1.0.0", "", {}, "${hash('T')}"],\n    "sdk/shared"`),
      /not one of bun/,
    ],
    [
      'an entry that is there twice',
      'yarn',
      yarnBase,
      yarnWith(yarnPackage('sdk', '^2.0.0', '2.1.0') + yarnPackage('tool', '1.0.0', '1.0.1')),
      /not one of yarn 3/,
    ],
    [
      'no checksum',
      'yarn',
      yarnBase,
      yarnWith(yarnPackage('sdk', '^2.0.0', '2.1.0', [])),
      /sdk@npm:2\.1\.0 has no integrity/,
    ],
    [
      'another format',
      'yarn',
      yarnBase,
      yarnWith(yarnPackage('sdk', '^2.0.0', '2.1.0')).replace('version: 8', 'version: 10'),
      /"version" at the top/,
    ],
    ['the dependency missing', 'yarn', yarnBase, `${yarnBase}\n`, /sdk is in package\.json, and not in the lock file/],
  ];

  it.each(cases)('is rejected with %s (%s)', (_, manager, base, result, message) => {
    expect(result).not.toBe(base);
    expect(() => judge(manager, base, result)).toThrow(message);
    expect(() => judge(manager, base, result)).toThrow(expect.objectContaining({ code: 'lock_rejected' }));
  });

  it.each(['pnpm', 'yarn1', 'yarn', 'bun'] as const)('is rejected when it is none of %s', (manager) => {
    expect(() => judge(manager, 'a: [', 'a: [\n')).toThrow(expect.objectContaining({ code: 'lock_rejected' }));
    expect(() => judge(manager, '\0\u0001', 'b')).toThrow(expect.objectContaining({ code: 'lock_rejected' }));
  });
});
