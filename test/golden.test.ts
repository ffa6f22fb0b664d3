import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../codegen/apply.ts';
import { checkPlan } from '../codegen/check-plan.ts';
import { plan } from '../codegen/plan.ts';
import { readProject } from '../codegen/read-project.ts';
import type { ManualStep, PlanInput } from '../contract/codegen.ts';
import { snapshotOf, textsOf } from './harness/apps.ts';
import { analytics, payments, storage } from './harness/made-up-connectors.ts';
import { accounts, visits } from './harness/made-up-next.ts';

interface Case {
  connectors: (keyof typeof madeUp)[];
  appDir: string;
  sourceDir: string;
  /** What is left to a person. */
  manual: ManualStep[];
}

const madeUp = { payments, analytics, storage, accounts, visits };
const folder = fileURLToPath(new URL('golden', import.meta.url));

function readFolder(path: string): Record<string, string> {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Object.fromEntries(files.map((file) => [relative(path, file), readFileSync(file, 'utf8')]));
}

const cases = readdirSync(folder, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && readdirSync(join(folder, entry.name)).includes('case.json'),
);

describe('golden folders', () => {
  it.each(cases.map(({ name }) => name))('%s', (name) => {
    const { connectors, appDir, sourceDir, manual }: Case = JSON.parse(
      readFileSync(join(folder, name, 'case.json'), 'utf8'),
    );
    const snapshot = snapshotOf(readFolder(join(folder, name, 'input')));
    const add = connectors.map((connector) => madeUp[connector](sourceDir));
    const input: PlanInput = { snapshot, appDir, facts: readProject(snapshot, appDir), add, remove: [] };
    const planned = plan(input);
    checkPlan({ snapshot, appDir, facts: input.facts, plan: planned, input });
    const result = applyPlan(snapshot, planned);
    expect(textsOf(result)).toEqual(readFolder(join(folder, name, 'output')));
    expect(planned.manual).toEqual(manual);
    const removal = plan({ ...input, snapshot: result, add: [], remove: add });
    expect(textsOf(applyPlan(result, removal))).toEqual(textsOf(snapshot));
  });
});
