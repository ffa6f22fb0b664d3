import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PlannedFile, Snapshot, SourceFile } from '../contract/codegen.ts';
import type { PipelineInput, PipelineProgress } from '../contract/pipeline.ts';
import { packSnapshot } from './archive.ts';
import type { Artifacts, PipelineContext } from './run-pipeline.ts';
import { type SandboxKind, detectSandbox } from './sandbox.ts';

// For tests: small apps whose tools are packages of their own, so that nothing is fetched.

const npm = join(dirname(createRequire(import.meta.url).resolve('npm/package.json')), 'bin/npm-cli.js');

/** The sandboxes that work on this machine; a test run says which they are and fails when there is none. */
export async function workingSandboxes(): Promise<SandboxKind[]> {
  const kinds: SandboxKind[] = [];
  for (const kind of ['bubblewrap', 'unshare'] as const) if ((await detectSandbox(kind)) === kind) kinds.push(kind);
  if (kinds.length === 0) throw new Error('Neither bubblewrap nor unshare works here: the sandbox cannot be tested.');
  process.stdout.write(`sandboxes tested: ${kinds.join(', ')}\n`);
  return kinds;
}

/** A compiler that reports a type error for each line `wrong …` of App.tsx, in the words of tsc. */
const sampleCompiler = `
const { readFileSync } = require('node:fs');
const lines = readFileSync('App.tsx', 'utf8').split('\\n');
const wrong = lines.flatMap((line, index) => (line.startsWith('wrong') ? [[index + 1, line]] : []));
for (const [number, line] of wrong) console.log('App.tsx(' + number + ',1): error TS2322: ' + line + '.');
process.exit(wrong.length > 0 ? 2 : 0);
`;

/** A command line that exports what it is given, and fails when App.tsx says so. */
const sampleExpo = `
const { mkdirSync, readFileSync, writeFileSync, rmSync } = require('node:fs');
const [command, ...rest] = process.argv.slice(2);
console.log('expo', command, 'key', process.env.EXPO_PUBLIC_KEY);
if (command === 'install') {
  const unexpected = readFileSync('App.tsx', 'utf8').match(/^unexpected (.*)$/gm) ?? [];
  for (const line of unexpected) console.log('  ' + line.slice(11) + ' - expected version: ~2.0.0');
  process.exit(unexpected.length > 0 ? 1 : 0);
}
if (readFileSync('App.tsx', 'utf8').includes('no bundle')) { console.error('error: Unable to resolve module'); process.exit(1); }
if (command === 'export') {
  const folder = rest[rest.indexOf('--output-dir') + 1];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + '/bundle.js', 'bundle');
}
`;

/** A linter that reports an error for each line `unlinted …` of what it is given, and breaks off at `no lint`. */
const sampleEslint = `
const { readFileSync } = require('node:fs');
const { resolve } = require('node:path');
const files = process.argv.slice(process.argv.indexOf('--') + 1);
const results = files.map((file) => {
  const lines = readFileSync(file, 'utf8').split('\\n');
  if (lines.includes('no lint')) { console.error('Oops! Something went wrong!'); process.exit(2); }
  const message = (line) => ({ ruleId: 'sample', severity: line.startsWith('unlinted') ? 2 : 1, message: line });
  return { filePath: resolve(file), messages: lines.filter((line) => /^(unlinted|odd)/.test(line)).map(message) };
});
console.log(JSON.stringify(results));
process.exit(results.some(({ messages }) => messages.some(({ severity }) => severity === 2)) ? 1 : 0);
`;

/** The files that make the sample app one that is linted. */
export const linted = {
  'eslint.config.js': 'module.exports = [];\n',
  'packages/eslint/package.json': '{ "name": "eslint", "version": "9.0.0" }\n',
  'packages/eslint/bin/eslint.js': sampleEslint,
};

/** A fingerprint of what is installed and of app.json; fails when App.tsx says so. */
const sampleFingerprint = `
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
if (readFileSync('App.tsx', 'utf8').includes('no fingerprint')) process.exit(1);
const config = existsSync('app.json') ? readFileSync('app.json', 'utf8') : '';
const modules = readdirSync('node_modules').filter((name) => !name.startsWith('.'));
const hash = createHash('sha1').update(JSON.stringify([modules, config])).digest('hex');
console.log(JSON.stringify({ sources: [{ hash: '0'.repeat(40) }], hash }));
`;

export interface SampleApp {
  files: Record<string, string>;
  /** Path → text afterwards, null for a deletion. */
  plan: Record<string, string | null>;
}

/** Files of an app with the sample tools; others are added or replaced by `files`. */
export function sampleFiles(files: Record<string, string> = {}): Record<string, string> {
  const dependencies = { expo: 'file:packages/expo', typescript: 'file:packages/typescript' };
  return {
    'package.json': `${JSON.stringify({ name: 'sample', version: '1.0.0', dependencies }, null, 2)}\n`,
    'tsconfig.json': '{}\n',
    'App.tsx': 'export default 1;\n',
    'packages/expo/package.json': '{ "name": "expo", "version": "57.0.0" }\n',
    'packages/expo/bin/cli': sampleExpo,
    'packages/expo/bin/fingerprint': sampleFingerprint,
    'packages/typescript/package.json': '{ "name": "typescript", "version": "7.0.2" }\n',
    'packages/typescript/bin/tsc': sampleCompiler,
    'packages/extra/package.json': '{ "name": "extra", "version": "1.0.0" }\n',
    ...files,
  };
}

/** The package.json of the sample app with one more package of the tree. */
export function withExtra(packageJson: string): string {
  return packageJson.replace('"dependencies": {', '"dependencies": {\n    "extra": "file:packages/extra",');
}

/** Lets npm write the lock file of an app, without a network. */
export function lockOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'graft-sample-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      if (path !== '.npmrc') writeFileSync(join(folder, path), text);
    }
    const flags = [
      '--package-lock-only',
      '--ignore-scripts',
      '--offline',
      '--userconfig=./user',
      '--globalconfig=./global',
    ];
    execFileSync(process.execPath, [npm, 'install', ...flags, `--cache=${folder}/cache`], {
      cwd: folder,
      stdio: 'pipe',
    });
    return readFileSync(join(folder, 'package-lock.json'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function snapshotOf(files: Record<string, string>): Snapshot {
  const entries = Object.entries(files).map(([path, text]): [string, SourceFile] => [
    path,
    { mode: '100644', bytes: Buffer.from(text) },
  ]);
  return new Map(entries);
}

function plannedFiles({ files, plan }: SampleApp): PlannedFile[] {
  return Object.entries(plan).map(([path, text]) => {
    const before = files[path];
    return {
      path,
      change: text === null ? 'delete' : before === undefined ? 'add' : 'edit',
      mode: '100644',
      before: before === undefined ? null : blobOf(before),
      after: text === null ? null : blobOf(text),
      text,
      reason: 'test',
    };
  });
}

function blobOf(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** An artifact store in memory. */
function memoryArtifacts(): Artifacts & { all(): string[]; text(sha256: string): string } {
  const kept = new Map<string, Uint8Array>();
  const read = (sha256: string) => {
    const bytes = kept.get(sha256);
    if (bytes === undefined) throw new Error(`There is no artifact ${sha256}.`);
    return bytes;
  };
  return {
    put: async (_project, bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      kept.set(sha256, bytes);
      return sha256;
    },
    get: async (_project, sha256) => read(sha256),
    all: () => [...kept.values()].map((bytes) => Buffer.from(bytes).toString('utf8')),
    text: (sha256) => Buffer.from(read(sha256)).toString('utf8'),
  };
}

/** Everything `runPipeline` needs for an app; its workspaces are in a folder of their own. */
export async function prepareRun(app: SampleApp, sandbox: SandboxKind) {
  const artifacts = memoryArtifacts();
  const workspaces = realpathSync(mkdtempSync(join(tmpdir(), 'graft-pipeline-')));
  const plan = {
    status: 'planned',
    planHash: '',
    files: plannedFiles(app),
    manual: [],
    changesLock: true,
    notes: [],
    nextSteps: [],
  };
  const input: PipelineInput = {
    project: 'prj_sample',
    installation: 'ins_sample',
    trusted: false,
    appDir: '',
    packageManager: 'npm',
    lockFile: 'package-lock.json',
    baseArchive: await artifacts.put('', await packSnapshot(snapshotOf(app.files))),
    plan: await artifacts.put('', Buffer.from(JSON.stringify({ baseCommit: '', plan, diff: '', contribution: null }))),
    changesLock: true,
    publicKeys: ['EXPO_PUBLIC_KEY'],
    serverChecks: [],
    simulators: [],
    headArchive: undefined,
  };
  const heard: PipelineProgress[] = [];
  const context: PipelineContext = {
    artifacts,
    workspaces,
    // Nothing listens there: whatever reaches for the registry fails.
    registry: 'http://127.0.0.1:9/',
    registryHosts: [],
    sandbox,
    simulators: new Map(),
    signal: new AbortController().signal,
    progress: (progress) => heard.push(progress),
  };
  return { input, context, artifacts, workspaces, heard };
}
