import { join } from 'node:path';
import { GraftError } from '../contract/errors.ts';
import type { StoredPlan } from '../contract/codegen.ts';
import type {
  PipelineInput,
  PipelineProgress,
  PipelineReport,
  PipelineStep,
  StepReport,
} from '../contract/pipeline.ts';
import { unpackSnapshot } from './archive.ts';
import { checkBuild } from './build.ts';
import { type DependencyContext, type Installed, installDependencies } from './dependencies.ts';
import { checkLint } from './lint.ts';
import { linkModules } from './modules-cache.ts';
import { compareFingerprints } from './native-fingerprint.ts';
import type { BaseTree, Outcome } from './outcome.ts';
import { writePlannedFiles } from './planned-files.ts';
import { type SandboxPreference, detectSandbox } from './sandbox.ts';
import { checkServer } from './server.ts';
import { type MachinePlaces, cleanLog, machinePlaces } from './step-log.ts';
import { type StepTimes, trackSteps } from './step-times.ts';
import { checkTypes } from './types.ts';
import { checkVersions } from './versions.ts';
import { type Workspace, createWorkspace } from './workspace.ts';

/** The part of the artifact store that the pipeline uses. */
export interface Artifacts {
  put(project: string, bytes: Uint8Array): Promise<string>;
  get(project: string, sha256: string): Promise<Uint8Array>;
}

export interface PipelineContext {
  artifacts: Artifacts;
  /** Folder of workspaces and caches, on one file system. */
  workspaces: string;
  /** URL of the package registry. */
  registry: string;
  /** Hosts that the dependency step reaches besides the registry's. */
  registryHosts: readonly string[];
  sandbox: SandboxPreference;
  /** Connector → path of its simulator module, which exports `startSimulator`. */
  simulators: ReadonlyMap<string, string>;
  signal: AbortSignal;
  /** Called once a second, and when a step is done. */
  progress(progress: PipelineProgress): void;
  /** What an earlier try reported: its finished steps are not run again. */
  resume?: PipelineProgress;
}

/**
 * Validates a plan on its base, or a head as it is: dependencies, types, build and server modules, each with a verdict and a
 * log. Throws `sandbox_missing` for an untrusted project where no sandbox works, `registry_credentials` and `unavailable`
 * for the registry, `project_changed` when the plan does not fit its base, and the signal's reason when cancelled.
 */
export async function runPipeline(input: PipelineInput, context: PipelineContext): Promise<PipelineReport> {
  const { signal, artifacts } = context;
  const begun = performance.now();
  signal.throwIfAborted();
  const sandbox = await detectSandbox(context.sandbox);
  if (sandbox === 'none' && !input.trusted)
    throw new GraftError(
      'sandbox_missing',
      'This machine can start no sandbox: install bubblewrap or allow user namespaces, or register the project as trusted.',
    );
  const workspace = await createWorkspace(context.workspaces, input.project, input.installation);
  const steps = trackSteps((progress) => context.progress(progress), context.resume);
  try {
    const trees = await unpackTrees(input, artifacts, workspace);
    const together = new AbortController();
    const signals = { ...context, signal: AbortSignal.any([signal, together.signal]) };
    const of = { input, context: signals, workspace, trees, steps, sandbox };
    const run: Run = { ...of, base: baseOf(of, trees.base) };
    const installed = await installStep(run);
    let nativeBuild: PipelineReport['nativeBuild'];
    const native = async () => void (nativeBuild = await compareNative(run));
    if (installed.verdict === 'passed') await allOrNone([readingSteps(run), buildStep(run), native()], together);
    else for (const step of ['types', 'lint', 'build', 'versions', 'server'] as const) await notRun(run, step);
    signal.throwIfAborted();
    const lock = installed.lock === undefined ? undefined : await artifacts.put(input.project, installed.lock);
    return {
      steps: steps.reports(),
      seconds: Math.round((performance.now() - begun) / 100) / 10,
      lock,
      lockRoundTrip: installed.roundTrip,
      baseBroken: installed.baseBroken === true,
      nativeBuild,
      sandbox,
    };
  } finally {
    steps.stop();
    await workspace.remove();
  }
}

/** Waits for all; the first that throws stops the others, which work in the same folder. */
async function allOrNone(chains: readonly Promise<void>[], together: AbortController): Promise<void> {
  const ends = await Promise.allSettled(
    chains.map((chain) =>
      chain.catch((error: unknown) => {
        together.abort(error);
        throw error;
      }),
    ),
  );
  if (ends.some(({ status }) => status === 'rejected')) throw together.signal.reason;
}

interface Trees {
  /** What is validated; types and server modules are checked here. */
  result: string;
  /** The same files, for the build, which writes into its tree. */
  build: string;
  base: string;
  baseBuild: string;
  /** Paths of the files that the plan touches. */
  touched: readonly string[];
}

interface Run {
  input: PipelineInput;
  context: PipelineContext;
  workspace: Workspace;
  trees: Trees;
  steps: StepTimes;
  sandbox: PipelineReport['sandbox'];
  /** The base for types and fingerprint; the build has one of its own. */
  base: BaseTree;
}

async function unpackTrees(input: PipelineInput, artifacts: Artifacts, workspace: Workspace): Promise<Trees> {
  const place = (name: string) => join(workspace.folder, name);
  const { plan } = JSON.parse(
    Buffer.from(await artifacts.get(input.project, input.plan)).toString('utf8'),
  ) as StoredPlan;
  const touched = plan.files.map(({ path }) => path);
  const folders = { result: place('tree'), build: place('build'), base: place('base'), baseBuild: place('base-build') };
  const trees = { ...folders, touched };
  const base = await artifacts.get(input.project, input.baseArchive);
  for (const tree of [trees.base, trees.baseBuild]) await unpackSnapshot(base, tree);
  if (input.headArchive === undefined) {
    for (const tree of [trees.result, trees.build]) {
      await unpackSnapshot(base, tree);
      await writePlannedFiles(tree, plan.files);
    }
  } else {
    const head = await artifacts.get(input.project, input.headArchive);
    for (const tree of [trees.result, trees.build]) await unpackSnapshot(head, tree);
  }
  return trees;
}

/** Runs in every try: the later steps need what it installs, and the caches make it short. */
async function installStep(run: Run): Promise<Installed> {
  const { input, context, workspace, trees, steps, sandbox } = run;
  const dependencies: DependencyContext = { ...context, sandbox, workspace };
  const request = { ...input, tree: trees.result, base: trees.base };
  const changesLock = input.changesLock && input.headArchive === undefined;
  steps.start('dependencies');
  let installed = await installDependencies({ ...request, changesLock }, dependencies);
  if (installed.verdict === 'passed') await linkModules(trees.result, trees.build);
  else if (installed.verdict === 'failed' && !installed.refused) {
    const onBase = await installDependencies({ ...request, tree: trees.base, changesLock: false }, dependencies);
    if (onBase.verdict === 'failed')
      installed = {
        ...installed,
        verdict: 'inconclusive',
        baseBroken: true,
        baseline: 'failed',
        summary: `${installed.summary}; the untouched base fails too`,
        log: `${installed.log}\n\non the untouched base:\n${onBase.log}`,
      };
    else installed = { ...installed, baseline: onBase.verdict === 'passed' ? 'passed' : undefined };
  }
  await finish(run, 'dependencies', installed);
  return installed;
}

/** Types, lint and server read the same tree, one after the other. */
async function readingSteps(run: Run): Promise<void> {
  const { input, context, trees } = run;
  await runStep(run, 'types', () => checkTypes(trees.result, input.appDir, run.base, toolsOf(run)));
  await runStep(run, 'lint', () => checkLint(trees.result, input.appDir, trees.touched, run.base, toolsOf(run)));
  await runStep(run, 'server', () => checkServer(trees.result, input, context.simulators, toolsOf(run)));
}

async function buildStep(run: Run): Promise<void> {
  const { input, trees } = run;
  const base = baseOf(run, trees.baseBuild);
  await runStep(run, 'versions', () => checkVersions(trees.build, input.appDir, base, toolsOf(run)));
  await runStep(run, 'build', () => checkBuild(trees.build, input.appDir, input.publicKeys, base, toolsOf(run)));
}

function compareNative(run: Run): Promise<PipelineReport['nativeBuild']> {
  const { input, trees, base } = run;
  return compareFingerprints(trees.result, input.appDir, input.publicKeys, base, toolsOf(run));
}

function toolsOf({ sandbox, workspace, context }: Run) {
  return { sandbox, workspace, signal: context.signal };
}

/** Installs the base's dependencies once, when a step first asks for the base. */
function baseOf({ input, context, workspace, sandbox }: Omit<Run, 'base'>, tree: string): BaseTree {
  const request = { ...input, tree, base: tree, changesLock: false };
  const dependencies: DependencyContext = { ...context, sandbox, workspace };
  let ready: Promise<string | undefined> | undefined;
  const install = async () =>
    (await installDependencies(request, dependencies)).verdict === 'passed' ? tree : undefined;
  return () => (ready ??= install());
}

async function runStep(run: Run, step: PipelineStep, check: () => Promise<Outcome>): Promise<void> {
  if (run.steps.isDone(step)) return;
  run.steps.start(step);
  await finish(run, step, await check());
}

async function notRun(run: Run, step: PipelineStep): Promise<void> {
  run.steps.start(step);
  await finish(run, step, { verdict: 'skipped', summary: 'not run, as dependencies are not installed', log: '' });
}

async function finish({ input, context, workspace, steps }: Run, step: PipelineStep, outcome: Outcome): Promise<void> {
  const hidden = machinePlaces(workspace, context);
  const log = outcome.log === '' ? '' : await context.artifacts.put(input.project, cleanLog(outcome.log, hidden));
  const { verdict, baseline, summary } = outcome;
  const report: Omit<StepReport, 'seconds'> = { step, verdict, baseline, summary: oneLine(summary, hidden), log };
  steps.finish(report);
}

function oneLine(summary: string, hidden: MachinePlaces): string {
  const line = Buffer.from(cleanLog(summary, hidden)).toString('utf8').replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
