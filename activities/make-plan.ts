import { checkPlan } from '../codegen/check-plan.ts';
import { unifiedDiff } from '../codegen/diff.ts';
import { plan as planEdits } from '../codegen/plan.ts';
import { readProject } from '../codegen/read-project.ts';
import type { ProjectFacts, Snapshot, StoredPlan } from '../contract/codegen.ts';
import type { Discovered } from '../contract/connector.ts';
import { wantedFor } from './contribution.ts';
import type { BundledLists } from './read-bundled.ts';

export interface Planned extends StoredPlan {
  facts: ProjectFacts;
}

/** Plans a connector into or out of a snapshot and runs the pure checks on the plan; nothing is written. */
export function makePlan(
  snapshot: Snapshot,
  baseCommit: string,
  asked: {
    appDir: string;
    connector: string;
    alias: string;
    options: Record<string, unknown>;
    remove: boolean;
    originals?: ReadonlyMap<string, string>;
    bundled: BundledLists;
    discovered?: Discovered | undefined;
  },
): Planned {
  const { appDir, connector, alias } = asked;
  const wanted = asked.remove ? undefined : wantedFor(snapshot, appDir, asked, asked.bundled, asked.discovered);
  const facts = wanted?.facts ?? readProject(snapshot, appDir);
  const input = {
    snapshot,
    appDir,
    facts,
    add: wanted === undefined ? [] : [wanted],
    remove: wanted === undefined ? [{ connector, alias }] : [],
    originals: asked.originals ?? new Map(),
  };
  const plan = planEdits(input);
  checkPlan({ snapshot, appDir, facts, plan, input });
  return {
    baseCommit,
    plan,
    facts,
    diff: unifiedDiff(snapshot, plan.files),
    contribution: wanted?.contribution ?? null,
  };
}

/** Does a plan leave the branch as the base is? */
export function changesNothing({ plan, merged }: Pick<StoredPlan, 'plan' | 'merged'>): boolean {
  return plan.status === 'nothing' && merged === undefined;
}

/** The bytes of a plan for the artifact store. */
export function planBytes({ baseCommit, merged, plan, diff, contribution }: StoredPlan): Uint8Array {
  return Buffer.from(JSON.stringify({ baseCommit, merged, plan, diff, contribution } satisfies StoredPlan));
}

/** A plan read back from the artifact store, which checked its hash. */
export function planFromBytes(bytes: Uint8Array): StoredPlan {
  return JSON.parse(Buffer.from(bytes).toString()) as StoredPlan;
}
