import { describe, expect, it } from 'vitest';
import { chooseManager } from './choose-manager.ts';
import type { ManagerKind } from './manager-commands.ts';

const choose = (kind: ManagerKind, packageManager: unknown, lock = '', yarnPath?: string) => {
  const choice = chooseManager(kind, { lock, packageManager, yarnPath });
  return choice.kind === 'unsupported' ? choice.why : choice.manager;
};

describe('the version of the package manager', () => {
  it('is the one that packageManager pins, with its hash', () => {
    expect(choose('pnpm', 'pnpm@9.15.9+sha512.ab12')).toEqual({
      kind: 'pnpm',
      version: '9.15.9',
      hash: { algorithm: 'sha512', digest: 'ab12' },
    });
    expect(choose('yarn1', 'yarn@1.22.19')).toMatchObject({ version: '1.22.19', hash: undefined });
    expect(choose('yarn', 'yarn@4.5.0', '__metadata:\n  version: 10\n')).toMatchObject({ version: '4.5.0' });
    expect(choose('bun', 'bun@1.3.14')).toMatchObject({ version: '1.3.14' });
  });

  it('is that of yarnPath, which itself is not run', () =>
    expect(choose('yarn', undefined, '', '.yarn/releases/yarn-4.9.4.cjs')).toMatchObject({ version: '4.9.4' }));

  it('is that which pnpm writes down for itself', () => {
    const own = `---
lockfileVersion: '9.0'

importers:

  .:
    configDependencies: {}
    packageManagerDependencies:
      '@pnpm/exe':
        specifier: ^11.0.0
        version: 11.0.3
      pnpm:
        specifier: ^11.0.0
        version: 11.0.3

---
`;
    expect(choose('pnpm', undefined, `${own}lockfileVersion: '9.0'\n`)).toMatchObject({ version: '11.0.3' });
    expect(choose('pnpm', 'pnpm@12.1.0', own)).toMatchObject({ version: '12.1.0' });
  });

  it.each([
    ['pnpm', "lockfileVersion: '9.0'\n", '10.34.8'],
    ['pnpm', "lockfileVersion: '9.0'\n\nsnapshots:\n\n  debug@4.4.3(supports-color@7.2.0):\n", '12.21.0'],
    ['pnpm', "lockfileVersion: '9.0'\n\nsnapshots:\n\n  debug@4.4.3:\n", '10.34.8'],
    ['yarn1', '', '1.22.22'],
    ['yarn', '__metadata:\n  version: 6\n', '3.8.7'],
    ['yarn', '__metadata:\n  version: 8\n', '4.12.0'],
    ['yarn', '__metadata:\n  version: 10\n', '4.18.1'],
    ['bun', '{ "lockfileVersion": 1 }', '1.2.20'],
    ['bun', '{ "lockfileVersion": 1, "configVersion": 1 }', '1.4.5'],
  ] as const)('is one of %s that leaves the format as it is: %s', (kind, lock, version) =>
    expect(choose(kind, 'npm@11.0.0', lock)).toMatchObject({ version }),
  );

  it.each([
    ['pnpm', 'pnpm@https://elsewhere.example/pnpm.tgz', ''],
    ['pnpm', 'pnpm@latest', ''],
    ['pnpm', 'pnpm@10.0.0+md5.ab', ''],
    ['pnpm', undefined, "lockfileVersion: '6.0'\n"],
    ['yarn', undefined, '__metadata:\n  version: 4\n'],
  ] as const)('is not guessed: %s %s %s', (kind, pinned, lock) =>
    expect(choose(kind, pinned, lock)).toEqual(expect.any(String)),
  );
});
