import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wantedFor } from '../../activities/contribution.ts';
import { readBundled } from '../../activities/read-bundled.ts';
import { acceptLock } from '../../codegen/accept-lock.ts';
import { applyPlan } from '../../codegen/apply.ts';
import { blobId } from '../../codegen/blob.ts';
import { checkPlan } from '../../codegen/check-plan.ts';
import { plan } from '../../codegen/plan.ts';
import { readProject } from '../../codegen/read-project.ts';
import { generatedPath } from '../../codegen/strip-types.ts';
import { readManifests } from '../../codegen/touched.ts';
import { connectors } from '../../connectors/index.ts';
import type { Framework } from '../../contract/closed-sets.ts';
import type {
  Plan,
  PlanInput,
  PlannedFile,
  ProjectFacts,
  Snapshot,
  SourceFile,
  WantedConnector,
} from '../../contract/codegen.ts';
import { type PipelineInput, type PipelineReport, pipelineSteps } from '../../contract/pipeline.ts';
import { packSnapshot } from '../../pipeline/archive.ts';
import { leadBack } from '../../pipeline/lock-addresses.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import { prepareRun } from '../../pipeline/sample-app.ts';
import type { SandboxKind } from '../../pipeline/sandbox.ts';
import { snapshotOf } from './apps.ts';
import { lockNames, publicRegistry, settingsFor, writeLock } from './package-managers.ts';
import type { RealApp } from './real-apps.ts';
import { useInNext } from './use-next.ts';
import { useParts } from './use-parts.ts';

/** Options other than the defaults, for more of what a connector generates. */
const options: Readonly<Record<Framework, Readonly<Record<string, Record<string, unknown>>>>> = {
  expo: { stripe: { subscriptions: true, webhooks: true } },
  next: {
    firebase: { storage: true, analytics: true },
    stripe: { subscriptions: true, webhooks: true },
    supabase: { oauth: true, accountDeletion: true, realtime: true, storage: true },
  },
};

/** What is kept between the apps of one test run. */
export interface Shared {
  managers: string;
  downloads: string;
  sandbox: SandboxKind;
}

/** What came of one plan. */
interface Leg {
  plan: Plan;
  report: PipelineReport;
  /** Step, verdict, and what was said where it did not pass. */
  steps: string[][];
  /** The tree with the plan, and with the lock file that its package manager wrote. */
  after: Snapshot;
}

export interface Carried {
  facts: ProjectFacts;
  before: Snapshot;
  install: Leg;
  removal: Leg;
}

/**
 * Carries an app through a plan of every connector that supports it, the pipeline and the judge of its lock file, and back
 * in the same way. Throws what those throw.
 */
export async function carryApp(app: RealApp, shared: Shared, signal: AbortSignal): Promise<Carried> {
  const before = await withLock(app, shared);
  const facts = readProject(before, app.appDir);
  const add = await wantedBy(before, app, facts);
  const asked = { appDir: app.appDir, wanted: add };
  const prepared = await prepareRun({ files: {}, plan: {} }, shared.sandbox);
  prepared.context.signal = signal;
  const caches = join(prepared.workspaces, 'caches', prepared.input.project);
  mkdirSync(caches, { recursive: true });
  symlinkSync(shared.managers, join(prepared.workspaces, 'managers'));
  symlinkSync(shared.downloads, join(caches, 'npm'));
  try {
    const install = await travel(before, { ...asked, add, remove: [] }, prepared);
    const removal = await travel(install.after, { ...asked, add: [], remove: add }, prepared);
    return { facts, before, install, removal };
  } finally {
    rmSync(prepared.workspaces, { recursive: true });
  }
}

interface Travel extends Pick<PlanInput, 'appDir' | 'add' | 'remove'> {
  /** Connectors whose server modules are checked. */
  wanted: readonly WantedConnector[];
}

async function travel(
  snapshot: Snapshot,
  { wanted, ...asked }: Travel,
  { input, context, artifacts }: Awaited<ReturnType<typeof prepareRun>>,
): Promise<Leg> {
  const { appDir } = asked;
  const facts = readProject(snapshot, appDir);
  const planInput: PlanInput = { snapshot, facts, ...asked };
  const planned = plan(planInput);
  checkPlan({ snapshot, appDir, facts, plan: planned, input: planInput });
  const serverChecks = asked.add.flatMap(({ contribution }) => contribution.serverChecks);
  const files = asked.add.length === 0 ? planned.files : withUse(snapshot, appDir, facts, wanted, planned.files);
  const stored = { baseCommit: '', plan: { ...planned, files }, diff: '', contribution: null };
  const run: PipelineInput = {
    ...input,
    appDir,
    packageManager: facts.packageManager,
    lockFile: facts.lockFile,
    changesLock: planned.changesLock,
    baseArchive: await artifacts.put('', await packSnapshot(snapshot)),
    plan: await artifacts.put('', Buffer.from(JSON.stringify(stored))),
    publicKeys: wanted.flatMap(({ contribution }) =>
      contribution.environmentKeys.filter(({ secret }) => !secret).map(({ key }) => key),
    ),
    serverChecks: serverChecks.map((check) => ({ ...check, module: generatedPath(check.module, facts.language) })),
    simulators: asked.add.map(({ connector }) => ({
      connector,
      hosts: connectors.get(connector)?.manifest.hosts ?? [],
    })),
  };
  const simulators = new Map(wanted.map(({ connector }) => [connector, simulatorOf(connector)]));
  const report = await runPipeline(run, { ...context, registry: await publicRegistry(), simulators });
  const steps = pipelineSteps.map((step) => {
    const { verdict = 'not run', summary = '', log = '' } = report.steps.find((one) => one.step === step) ?? {};
    const isFine = verdict === 'passed' || verdict === 'skipped';
    return [step, verdict, isFine ? '' : `${summary}\n${log === '' ? '' : artifacts.text(log).slice(-8000)}`];
  });
  const after = new Map(applyPlan(snapshot, planned));
  if (report.lock !== undefined) {
    const bytes = await artifacts.get('', report.lock);
    acceptLock({
      manager: facts.packageManager,
      base: snapshot.get(facts.lockFile)?.bytes ?? new Uint8Array(),
      result: bytes,
      manifests: { base: readManifests(snapshot, facts.lockFile), result: readManifests(after, facts.lockFile) },
      hosts: [],
    });
    after.set(facts.lockFile, { mode: '100644', bytes });
  }
  return { plan: planned, report, steps, after };
}

/** What is validated is the plan with what a person writes to use it; what is removed is the plan. */
function withUse(
  snapshot: Snapshot,
  appDir: string,
  facts: ProjectFacts,
  wanted: readonly WantedConnector[],
  planned: readonly PlannedFile[],
): PlannedFile[] {
  const texts =
    facts.framework === 'next' ? useInNext(snapshot, appDir, facts, wanted) : useParts(snapshot, appDir, planned);
  return [...planned, ...[...texts].map(([path, text]) => write(snapshot, path, text))];
}

function write(app: Snapshot, path: string, text: string): PlannedFile {
  const file = app.get(path);
  const before = file === undefined ? null : blobId(file.bytes);
  return {
    path,
    change: before === null ? 'add' : 'edit',
    mode: '100644',
    before,
    after: blobId(text),
    text,
    reason: '',
  };
}

/** Every connector for the app's framework, also where its version is in no table. */
async function wantedBy(
  tree: Snapshot,
  { appDir, options: own }: RealApp,
  { framework }: ProjectFacts,
): Promise<WantedConnector[]> {
  const cache = await mkdtemp(join(tmpdir(), 'graft-lists-'));
  const source = { registry: await publicRegistry(), registryHosts: [], cache };
  const wanted: WantedConnector[] = [];
  for (const [connector, { manifest }] of connectors) {
    if (manifest.compatibility[framework] === undefined) continue;
    const chosen = manifest.options.parse({ ...options[framework][connector], ...own?.[connector] });
    const asked = { connector, alias: '', options: chosen };
    wanted.push(wantedFor(tree, appDir, asked, await readBundled(source, asked, appDir, [tree])));
  }
  await rm(cache, { recursive: true });
  return wanted;
}

function simulatorOf(connector: string): string {
  return fileURLToPath(new URL(`../../connectors/${connector}/simulator.ts`, import.meta.url));
}

/** The app with its package manager's settings and the lock file that this wrote, as people have it who use the public registry. */
async function withLock(asked: RealApp, { managers, downloads }: Shared): Promise<Snapshot> {
  const { manager } = asked;
  const app = new Map<string, SourceFile>([...(await asked.files()), ...snapshotOf(settingsFor(manager))]);
  const read = [...app].filter(([path]) =>
    /^(?:package\.json|pnpm-workspace\.yaml|\.yarnrc\.yml)$/.test(posix.basename(path)),
  );
  const texts = Object.fromEntries(read.map(([path, { bytes }]) => [path, Buffer.from(bytes).toString('utf8')]));
  const registry = await publicRegistry();
  const lock = leadBack(manager, await writeLock(manager, texts, { managers, registry, downloads }), '', registry);
  return new Map([...app, ...snapshotOf({ [lockNames[manager]]: lock })]);
}
