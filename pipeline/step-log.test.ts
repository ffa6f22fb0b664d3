import { describe, expect, it } from 'vitest';
import { npmFolder } from './own-npm.ts';
import { cleanLog, machinePlaces } from './step-log.ts';

const workspace = {
  folder: '/srv/work/runs/ins_1-x',
  npmCache: '/srv/work/caches/prj_1/npm',
  buildCache: '/srv/work/caches/prj_1/build',
  modulesCache: '/srv/work/caches/prj_1/modules',
  managers: '/srv/work/managers',
  remove: async () => undefined,
};
const simulators = new Map([['acme', '/srv/graft/connectors/acme/simulator.ts']]);
const clean = (text: string, registry = 'http://npm.inside.example:4873/') =>
  Buffer.from(
    cleanLog(text, machinePlaces(workspace, { registry, registryHosts: ['files.inside.example'], simulators })),
  ).toString('utf8');

describe('a stored log', () => {
  it('tells nothing of the machine that wrote it', () => {
    const text = [
      `at run (file://${workspace.folder}/tree/App.tsx:1:2)`,
      `${workspace.npmCache}/_cacache ${workspace.buildCache}/metro ${workspace.modulesCache}/abc`,
      `${process.execPath} ${npmFolder}/bin/npm-cli.js`,
      '/srv/graft/connectors/acme/simulator.ts:3',
      'GET http://npm.inside.example:4873/expo 500',
      '/srv/work/managers/pnpm-10.0.0/package https://files.inside.example/a.tgz',
    ].join('\n');
    expect(clean(text)).toBe(
      [
        'at run (file:///tree/App.tsx:1:2)',
        '/package-cache/_cacache /build-cache/metro /modules-cache/abc',
        'node /npm/bin/npm-cli.js',
        '/simulator-of-acme/simulator.ts:3',
        'GET http://the-registry/expo 500',
        '/managers/pnpm-10.0.0/package https://the-registry/a.tgz',
      ].join('\n'),
    );
  });

  it('has no colours, and loses the middle when it is long', () => {
    expect(clean('\u001b[31mred\u001b[0m\0')).toBe('red');
    const long = clean(`first${'x'.repeat(600_000)}last`);
    expect(long).toMatch(/^firstx+\n… left out …\nx+last$/);
    expect(long.length).toBeLessThan(530_000);
  });
});
