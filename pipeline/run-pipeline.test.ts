import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PipelineInput, PipelineReport } from '../contract/pipeline.ts';
import { packSnapshot } from './archive.ts';
import { type PipelineContext, runPipeline } from './run-pipeline.ts';
import { linted, lockOf, prepareRun, sampleFiles, snapshotOf, withExtra, workingSandboxes } from './sample-app.ts';

const files = sampleFiles();
const locked = { ...files, 'package-lock.json': lockOf(files) };
const packageJson = files['package.json'] ?? '';
const [sandbox = 'none'] = await workingSandboxes();

const allWell = ['passed', 'passed', 'skipped', 'passed', 'passed', 'skipped'];
const notRun = ['skipped', 'skipped', 'skipped', 'skipped', 'skipped'];

async function run(
  app: Record<string, string>,
  plan: Record<string, string | null>,
  change: Partial<PipelineInput> = {},
  context: Partial<PipelineContext> = {},
) {
  const prepared = await prepareRun({ files: app, plan }, sandbox);
  const report = await runPipeline({ ...prepared.input, ...change }, { ...prepared.context, ...context });
  const left = readdirSync(join(prepared.workspaces, 'runs'));
  rmSync(prepared.workspaces, { recursive: true });
  return { ...prepared, report, left };
}

function verdictOf(report: PipelineReport, step: string): string {
  return report.steps.find((candidate) => candidate.step === step)?.verdict ?? 'missing';
}

function stepOf(report: PipelineReport, step: string) {
  const found = report.steps.find((candidate) => candidate.step === step);
  if (found === undefined) throw new Error(`There is no step ${step}.`);
  return found;
}

describe('a plan that is good', () => {
  it('passes, with the lock file that npm writes and its way back, and leaves no workspace', async () => {
    const { report, artifacts, left, heard } = await run(locked, { 'package.json': withExtra(packageJson) });
    expect(report.steps.map(({ step, verdict }) => [step, verdict])).toEqual([
      ['dependencies', 'passed'],
      ['types', 'passed'],
      ['lint', 'skipped'],
      ['build', 'passed'],
      ['versions', 'passed'],
      ['server', 'skipped'],
    ]);
    expect(report.sandbox).toBe(sandbox);
    expect(report.lockRoundTrip).toBe(true);
    expect(artifacts.text(report.lock ?? '')).toBe(lockOf({ ...files, 'package.json': withExtra(packageJson) }));
    expect(artifacts.text(stepOf(report, 'build').log)).toContain('expo export key graft-placeholder');
    expect(left).toEqual([]);
    expect(heard.at(-1)?.done).toHaveLength(6);
  });

  it('says so when npm does not give the base back', async () => {
    const untidy = { ...locked, 'package-lock.json': locked['package-lock.json'].replaceAll('\n  ', '\n   ') };
    const { report } = await run(untidy, { 'package.json': withExtra(packageJson) });
    expect(report.lockRoundTrip).toBe(false);
    expect(stepOf(report, 'dependencies').summary).toContain('other bytes');
  });

  it('installs an app without a lock file, gives it none, and says so', async () => {
    const { report } = await run(
      files,
      { 'package.json': withExtra(packageJson) },
      { lockFile: '', packageManager: 'none' },
    );
    expect(verdictOf(report, 'dependencies')).toBe('passed');
    expect(stepOf(report, 'dependencies').summary).toContain('no lock file');
    expect(report.lock).toBeUndefined();
    expect(verdictOf(report, 'types')).toBe('passed');
  });
});

describe('a plan that breaks the app', () => {
  it('fails by new type errors only, and tells the number of the base', async () => {
    const broken = { ...locked, 'App.tsx': 'wrong old\n' };
    const same = await run(broken, { 'App.tsx': '\n\nwrong old\n' }, { changesLock: false });
    expect(verdictOf(same.report, 'types')).toBe('passed');
    expect(stepOf(same.report, 'types').summary).toBe('tsc --noEmit: 1 error (base: 1), none of them new');
    const worse = await run(broken, { 'App.tsx': 'wrong old\nwrong new\n' }, { changesLock: false });
    expect(verdictOf(worse.report, 'types')).toBe('failed');
    expect(stepOf(worse.report, 'types').summary).toContain('1 new: App.tsx: TS2322: wrong new.');
    const fresh = await run(locked, { 'App.tsx': 'wrong new\n' }, { changesLock: false });
    const baselines = [same, worse, fresh].map(({ report }) => stepOf(report, 'types').baseline);
    expect(baselines).toEqual(['failed', 'failed', 'passed']);
    expect(stepOf(same.report, 'build').baseline).toBeUndefined();
  });

  it('fails in the build, and is inconclusive when the base does not build either', async () => {
    const worse = await run(locked, { 'App.tsx': 'no bundle\n' }, { changesLock: false });
    expect(verdictOf(worse.report, 'build')).toBe('failed');
    expect(stepOf(worse.report, 'build').summary).toContain('Unable to resolve module');
    const same = await run({ ...locked, 'App.tsx': 'no bundle\n' }, { 'a.txt': 'a' }, { changesLock: false });
    expect(verdictOf(same.report, 'build')).toBe('inconclusive');
    expect([worse, same].map(({ report }) => stepOf(report, 'build').baseline)).toEqual(['passed', 'failed']);
  });

  it('fails by what its own ESLint finds anew in the files that it touches', async () => {
    const eslint = packageJson.replace('"dependencies": {', '"dependencies": {\n    "eslint": "file:packages/eslint",');
    const app = {
      ...sampleFiles(linted),
      'package.json': eslint,
      'App.tsx': 'unlinted old\n',
      'far.ts': 'unlinted far\n',
    };
    const whole = { ...app, 'package-lock.json': lockOf(app) };
    const lint = async (text: string) =>
      stepOf((await run(whole, { 'App.tsx': text }, { changesLock: false })).report, 'lint');
    expect(await lint('fine\nodd\n')).toMatchObject({ verdict: 'passed', summary: 'eslint: 0 errors in 1 file' });
    expect(await lint('\nunlinted old\n')).toMatchObject({
      verdict: 'passed',
      baseline: 'failed',
      summary: 'eslint: 1 error in 1 file, none of them new',
    });
    expect(await lint('unlinted old\nunlinted new\n')).toMatchObject({
      verdict: 'failed',
      summary: 'eslint: 2 errors in 1 file, 1 new: App.tsx: sample: unlinted new',
    });
    expect(await lint('no lint\n')).toMatchObject({ verdict: 'failed', baseline: 'passed', summary: 'eslint: exit 2' });
  });

  it('is unproven where the SDK expects other versions than it brings', async () => {
    const versions = async (before: string, after: string) =>
      stepOf(
        (await run({ ...locked, 'App.tsx': before }, { 'App.tsx': after }, { changesLock: false })).report,
        'versions',
      );
    expect(await versions('unexpected a@1.0.0\n', 'unexpected a@1.0.0\nunexpected b@1.0.0\n')).toMatchObject({
      verdict: 'inconclusive',
      baseline: 'failed',
      summary: 'expo install --check: b@1.0.0 - expected version: ~2.0.0',
    });
    expect(await versions('unexpected a@1.0.0\n', '\nunexpected a@1.0.0\n')).toMatchObject({ verdict: 'passed' });
    expect(await versions('\n', 'unexpected a@2.0.7\n')).toMatchObject({
      verdict: 'passed',
      summary: 'expo install --check: no more than another patch: a@2.0.7 - expected version: ~2.0.0',
    });
  });

  it('skips the rest when dependencies cannot be installed, and tells a broken base from a broken plan', async () => {
    const missing = packageJson.replace('"dependencies": {', '"dependencies": {\n    "gone": "file:packages/gone",');
    const worse = await run(locked, { 'package.json': missing }, { changesLock: false });
    expect(worse.report.steps.map(({ verdict }) => verdict)).toEqual(['failed', ...notRun]);
    const same = await run({ ...locked, 'package.json': missing }, { 'a.txt': 'a' }, { changesLock: false });
    expect(verdictOf(same.report, 'dependencies')).toBe('inconclusive');
    expect([worse.report.baseBroken, same.report.baseBroken]).toEqual([false, true]);
    expect([worse, same].map(({ report }) => stepOf(report, 'dependencies').baseline)).toEqual(['passed', 'failed']);
  });

  it('refuses git and foreign addresses before anything is started', async () => {
    const foreign = packageJson.replace('"dependencies": {', '"dependencies": {\n    "x": "github:someone/x",');
    const { report } = await run(locked, { 'package.json': foreign });
    expect(stepOf(report, 'dependencies').summary).toContain('x (github:someone/x) is fetched by git');
    expect(verdictOf(report, 'dependencies')).toBe('failed');
  });

  it.each([
    ['bun', 'bun.lockb', {}, 'bun.lockb is binary'],
    ['pnpm', 'pnpm-lock.yaml', { '.pnpmfile.cjs': '' }, '.pnpmfile.cjs is code'],
    ['pnpm', 'pnpm-lock.yaml', {}, 'pnpm-lock.yaml is of version 6.0'],
    ['yarn', 'yarn.lock', { '.yarnrc.yml': 'yarnPath: evil.cjs\n' }, 'yarn installs with nodeLinker pnp'],
  ] as const)('is not guessed about with %s and %s: %o', async (packageManager, lockFile, more, why) => {
    const app = { ...files, ...more, [lockFile]: "lockfileVersion: '6.0'\n" };
    const { report } = await run(app, {}, { packageManager, lockFile });
    expect(verdictOf(report, 'dependencies')).toBe('inconclusive');
    expect(stepOf(report, 'dependencies').summary).toContain(why);
    expect(report.lock).toBeUndefined();
  });

  it('is not run on another base than it was planned on', async () => {
    const prepared = await prepareRun({ files: locked, plan: { 'App.tsx': 'a\n' } }, sandbox);
    const other = await packSnapshot(snapshotOf({ ...locked, 'App.tsx': 'somebody else\n' }));
    const baseArchive = await prepared.artifacts.put('', other);
    await expect(runPipeline({ ...prepared.input, baseArchive }, prepared.context)).rejects.toMatchObject({
      code: 'project_changed',
    });
    expect(readdirSync(join(prepared.workspaces, 'runs'))).toEqual([]);
    rmSync(prepared.workspaces, { recursive: true });
  });
});

describe('the native fingerprint', () => {
  it('is taken before with the dependencies of the base, after with those of the result', async () => {
    const { report } = await run(locked, { 'package.json': withExtra(packageJson) });
    const withThem = (modules: string[], config = '') =>
      createHash('sha1')
        .update(JSON.stringify([modules, config]))
        .digest('hex');
    expect(report.nativeBuild).toEqual({
      before: withThem(['expo', 'typescript']),
      after: withThem(['expo', 'extra', 'typescript']),
    });
    const configured = await run(locked, { 'app.json': '{}\n' }, { changesLock: false });
    expect(configured.report.nativeBuild).toEqual({
      before: withThem(['expo', 'typescript']),
      after: withThem(['expo', 'typescript'], '{}\n'),
    });
  });

  it('stays when nothing native changes, for a head that people pushed too', async () => {
    const { report } = await run(locked, { 'App.tsx': 'a\n' }, { changesLock: false });
    expect(report.nativeBuild?.after).toMatch(/^[0-9a-f]{40}$/);
    expect(report.nativeBuild?.after).toBe(report.nativeBuild?.before);
    const prepared = await prepareRun({ files: locked, plan: {} }, sandbox);
    const head = await packSnapshot(snapshotOf({ ...locked, 'app.json': '{}\n' }));
    const headArchive = await prepared.artifacts.put('', head);
    const pushed = await runPipeline({ ...prepared.input, headArchive }, prepared.context);
    expect(pushed.nativeBuild?.before).toBe(report.nativeBuild?.before);
    expect(pushed.nativeBuild?.after).not.toBe(report.nativeBuild?.before);
    rmSync(prepared.workspaces, { recursive: true });
  });

  it('is left open, and fails nothing, where the tools of the app cannot tell', async () => {
    const { ['packages/expo/bin/fingerprint']: _, ...without } = files;
    const old = await run(
      { ...without, 'package-lock.json': lockOf(without) },
      { 'App.tsx': 'a\n' },
      { changesLock: false },
    );
    const failing = await run(locked, { 'App.tsx': 'no fingerprint\n' }, { changesLock: false });
    const onBase = await run(
      { ...locked, 'App.tsx': 'no fingerprint\n' },
      { 'App.tsx': 'a\n' },
      { changesLock: false },
    );
    for (const { report } of [old, failing, onBase]) {
      expect(report.nativeBuild).toBeUndefined();
      expect(report.steps.map(({ verdict }) => verdict)).toEqual(allWell);
    }
  });
});

describe('a head that people pushed', () => {
  it('is validated as it is, its lock file too', async () => {
    const prepared = await prepareRun({ files: locked, plan: {} }, sandbox);
    const head = await packSnapshot(snapshotOf({ ...locked, 'App.tsx': 'wrong\n' }));
    const headArchive = await prepared.artifacts.put('', head);
    const report = await runPipeline({ ...prepared.input, headArchive }, prepared.context);
    expect(verdictOf(report, 'types')).toBe('failed');
    expect([report.lock, report.lockRoundTrip]).toEqual([undefined, undefined]);
    const unlocked = await packSnapshot(snapshotOf({ ...locked, 'package.json': withExtra(packageJson) }));
    const outOfStep = await prepared.artifacts.put('', unlocked);
    const second = await runPipeline({ ...prepared.input, headArchive: outOfStep }, prepared.context);
    expect(verdictOf(second, 'dependencies')).toBe('failed');
    rmSync(prepared.workspaces, { recursive: true });
  });
});

describe('server modules', () => {
  const simulator = `
    import { createServer } from 'node:http';
    export async function startSimulator() {
      const server = createServer((request, response) => response.end(JSON.stringify({ path: request.url, key: request.headers.authorization })));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { url: 'http://127.0.0.1:' + server.address().port, close: () => new Promise((resolve) => server.close(() => resolve())) };
    }`;
  const handler = `
    import https from 'node:https';
    import { path } from './path';
    export async function byFetch(request: Request): Promise<Response> {
      const reply = await fetch('https://api.provider.example' + path, { headers: { authorization: process.env['KEY'] ?? '' } });
      return Response.json({ ...(await reply.json()), sent: (await request.json()).sent }, { status: 201 });
    }
    export async function byHttps(): Promise<Response> {
      const text = await new Promise<string>((resolve) => https.get({ host: 'api.provider.example', path }, (reply) => reply.on('data', (data) => resolve(String(data)))));
      return new Response(text);
    }
    export async function elsewhere(): Promise<Response> {
      return Response.json(await (await fetch('https://other.example/')).json());
    }`;
  const check = (name: string, expected: { status: number; body: Record<string, string> }) => ({
    name,
    module: 'server/pay.ts',
    export: name,
    environment: { KEY: 'key-of-check' },
    request: { method: 'POST', url: 'https://app.example/pay', body: '{"sent":"yes"}' },
    expect: expected,
  });
  const plan = { 'server/pay.ts': handler, 'server/path.ts': "export const path = '/v1/intents?a=b';\n" };

  async function checkWith(checks: ReturnType<typeof check>[]) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'graft-simulator-')));
    writeFileSync(join(folder, 'simulator.ts'), simulator);
    const { report, artifacts } = await run(
      locked,
      plan,
      {
        changesLock: false,
        serverChecks: checks,
        simulators: [{ connector: 'provider', hosts: ['api.provider.example'] }],
      },
      { simulators: new Map([['provider', join(folder, 'simulator.ts')]]) },
    );
    rmSync(folder, { recursive: true });
    return { server: stepOf(report, 'server'), artifacts };
  }

  it('answer against the simulator, by fetch and by node:https', async () => {
    const { server } = await checkWith([
      check('byFetch', { status: 201, body: { path: '^/v1/intents\\?a=b$', key: '^key-of-check$', sent: 'yes' } }),
      check('byHttps', { status: 200, body: { path: '/v1/intents' } }),
    ]);
    expect(server.summary).toBe('2 of 2 server checks passed against the simulator');
    expect(server.verdict).toBe('passed');
  });

  it('fail with another status, another body, another host, or no such export', async () => {
    const { server, artifacts } = await checkWith([
      check('byFetch', { status: 200, body: {} }),
      check('byHttps', { status: 200, body: { path: 'nothing like it' } }),
      check('elsewhere', { status: 200, body: {} }),
      check('notThere', { status: 200, body: {} }),
    ]);
    expect(server.verdict).toBe('failed');
    const log = artifacts.text(server.log);
    expect(log).toContain('byFetch: status 201 instead of 200');
    expect(log).toContain('byHttps: path in the answer does not match nothing like it');
    expect(log).toContain('other.example is no host of this connector');
    expect(log).toContain('exports no function notThere');
  });
});

describe('a run', () => {
  it('goes on from the finished steps of an earlier try', async () => {
    const resume = {
      step: 'build',
      seconds: 1,
      done: [{ step: 'types', verdict: 'passed', summary: 'from before', seconds: 9, log: '' }],
    } as const;
    const { report } = await run(locked, { 'App.tsx': 'wrong\n' }, { changesLock: false }, { resume });
    expect(stepOf(report, 'types').summary).toBe('from before');
    expect(verdictOf(report, 'build')).toBe('passed');
  });

  it('ends with the reason it was cancelled for, with nothing left running or on disk', async () => {
    const slow = {
      ...locked,
      'packages/expo/bin/cli': `if (process.argv[2] === 'export') setInterval(() => {}, 1000);`,
    };
    const prepared = await prepareRun({ files: slow, plan: {} }, sandbox);
    const cancel = new AbortController();
    const reason = new Error('cancelled by the test');
    const progress: PipelineContext['progress'] = ({ step, done }) => {
      if (step === 'build' && done.length > 2) cancel.abort(reason);
    };
    const context = { ...prepared.context, signal: cancel.signal, progress };
    await expect(runPipeline({ ...prepared.input, changesLock: false }, context)).rejects.toBe(reason);
    expect(readdirSync(join(prepared.workspaces, 'runs'))).toEqual([]);
    expect(existsSync(join(prepared.workspaces, 'caches'))).toBe(true);
    rmSync(prepared.workspaces, { recursive: true });
  });

  it('needs a sandbox unless the project is trusted', async () => {
    await expect(run(locked, {}, { changesLock: false }, { sandbox: 'none' })).rejects.toMatchObject({
      code: 'sandbox_missing',
    });
    const { report } = await run(
      locked,
      { 'App.tsx': 'a\n' },
      { changesLock: false, trusted: true },
      { sandbox: 'none' },
    );
    expect(report.sandbox).toBe('none');
    expect(report.steps.map(({ verdict }) => verdict)).toEqual(allWell);
  });

  it('takes node_modules it kept for the same lock file', async () => {
    const prepared = await prepareRun({ files: locked, plan: { 'App.tsx': 'a\n' } }, sandbox);
    const input = { ...prepared.input, changesLock: false };
    const first = await runPipeline(input, prepared.context);
    const second = await runPipeline(input, prepared.context);
    expect(prepared.artifacts.text(stepOf(first, 'dependencies').log)).toContain('$ npm ci');
    expect(prepared.artifacts.text(stepOf(second, 'dependencies').log)).toContain('kept from an earlier run');
    expect(second.steps.map(({ verdict }) => verdict)).toEqual(allWell);
    rmSync(prepared.workspaces, { recursive: true });
  });
});
