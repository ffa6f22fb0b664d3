import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { wantedFor } from '../../activities/contribution.ts';
import { applyPlan } from '../../codegen/apply.ts';
import { checkPlan } from '../../codegen/check-plan.ts';
import { plan } from '../../codegen/plan.ts';
import { readProject } from '../../codegen/read-project.ts';
import { generatedPath } from '../../codegen/strip-types.ts';
import type { PlanInput } from '../../contract/codegen.ts';
import { pipelineSteps } from '../../contract/pipeline.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import { prepareRun, workingSandboxes } from '../../pipeline/sample-app.ts';
import { snapshotOf, textsOf } from '../harness/apps.ts';
import {
  type NextShape,
  appRouter,
  appRouterInJavaScript,
  pagesRouter,
  pagesRouterInJavaScript,
  withShop,
} from '../harness/next-apps.ts';
import { withMembers } from '../harness/next-members.ts';
import { publicRegistry } from '../harness/package-managers.ts';

const minutes = 60_000;
const shapes: Record<string, NextShape> = {
  'the app router': appRouter('16.4.6'),
  'the app router of Next.js 15': appRouter('15.5.29'),
  'the pages router': pagesRouter,
  'the app router in JavaScript': appRouterInJavaScript,
  'the pages router in JavaScript, without an _app': pagesRouterInJavaScript,
};
// Each takes about a minute: one runs always, all of them with GRAFT_EVERY_APP=1.
const names = Object.keys(shapes).slice(0, process.env['GRAFT_EVERY_APP'] === '1' ? undefined : 1);
const [sandbox = 'none'] = await workingSandboxes();
const chosen: Record<string, Record<string, unknown>> = {
  stripe: { oneTimePayments: true, subscriptions: true, applePay: false, googlePay: true },
  supabase: { oauth: true, accountDeletion: true, realtime: true, storage: true },
  firebase: { storage: true, analytics: true },
};
const simulatorOf = (id: string) => fileURLToPath(new URL(`../../connectors/${id}/simulator.ts`, import.meta.url));

describe('a real app of Next.js', () => {
  it.each(names)(
    '%s takes every connector for it, is installed, compiled and built without a network, and gives it back',
    async (name) => {
      const shape = shapes[name] ?? expect.fail();
      const snapshot = snapshotOf(shape.files);
      const facts = readProject(snapshot, '');
      const wanted = Object.entries(chosen).map(([connector, options]) =>
        wantedFor(snapshot, '', { connector, alias: '', options }, new Map()),
      );
      const input: PlanInput = { snapshot, appDir: '', facts, add: wanted, remove: [] };
      const planned = plan(input);
      checkPlan({ snapshot, appDir: '', facts, plan: planned, input });
      expect(planned.manual).toEqual([]);
      expect(planned.files.map(({ path }) => path)).toContain(shape.root);

      const edits = Object.fromEntries(planned.files.map(({ path, text }) => [path, text]));
      const supabase = wanted.find(({ connector }) => connector === 'supabase')?.contribution ?? expect.fail();
      const uses = { ...withShop(shape), ...withMembers(facts, supabase) };
      const prepared = await prepareRun({ files: shape.files, plan: { ...edits, ...uses } }, sandbox);
      const report = await runPipeline(
        {
          ...prepared.input,
          packageManager: facts.packageManager,
          lockFile: facts.lockFile,
          changesLock: planned.changesLock,
          publicKeys: wanted.flatMap(({ contribution }) =>
            contribution.environmentKeys.filter(({ secret }) => !secret).map(({ key }) => key),
          ),
          serverChecks: wanted.flatMap(({ contribution }) =>
            contribution.serverChecks.map((check) => ({
              ...check,
              module: generatedPath(check.module, facts.language),
            })),
          ),
          simulators: wanted.map(({ connector, catalogue }) => ({ connector, hosts: catalogue.manifest.hosts })),
        },
        {
          ...prepared.context,
          registry: await publicRegistry(),
          simulators: new Map(Object.keys(chosen).map((id) => [id, simulatorOf(id)])),
        },
      );
      rmSync(prepared.workspaces, { recursive: true });
      const found = pipelineSteps.map((step) => {
        const { verdict = 'not run', log = '' } = report.steps.find((one) => one.step === step) ?? {};
        return [step, verdict, verdict === 'passed' || log === '' ? '' : prepared.artifacts.text(log)];
      });
      const types = facts.language === 'typescript' ? 'passed' : 'skipped';
      expect(found).toEqual([
        ['dependencies', 'passed', ''],
        ['types', types, ''],
        ['lint', 'skipped', ''],
        ['build', 'passed', ''],
        ['versions', 'skipped', ''],
        ['server', 'passed', ''],
      ]);
      expect(report.steps.find(({ step }) => step === 'types')?.summary).toMatch(/: 0 errors$|no tsconfig/);
      expect(report.nativeBuild).toBeUndefined();

      const installed = applyPlan(snapshot, planned);
      const removal = plan({ ...input, snapshot: installed, add: [], remove: wanted });
      expect(textsOf(applyPlan(installed, removal))).toEqual(textsOf(snapshot));
    },
    20 * minutes,
  );
});
