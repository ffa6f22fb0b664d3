import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { detectSandbox } from './sandbox.ts';
import { runManager } from './run-manager.ts';
import { scratchBytes } from './sandbox-layout.ts';

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('has more room for what a package manager unpacks than for what code of the app leaves', async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'graft-run-manager-')));
  const [npmCache, managers, folder, tools] = ['npm', 'managers', 'app', 'tools'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [npmCache, managers, folder, tools]) mkdirSync(path);
  const unpack = `const { rmSync, writeFileSync } = require('node:fs');
    const path = require('node:os').tmpdir() + '/packages.zip';
    writeFileSync(path, Buffer.alloc(${scratchBytes + 1}));
    rmSync(path);`;
  const tool = { kind: 'yarn', version: '4.12.0', folder: tools, program: [process.execPath, '-e', unpack] } as const;
  const ending = await runManager(tool, folder, [], {
    sandbox: await detectSandbox('auto'),
    workspace: { npmCache, managers },
    registry: 'https://registry.example.com',
    registryHosts: [],
    signal: new AbortController().signal,
  });
  expect([ending.exitCode, ending.output]).toEqual([0, '']);
  expect(readdirSync(join(npmCache, 'tmp'))).toEqual([]);
});
