import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../contract/codegen.ts';
import { blankApp, edited, install, planAdd, planRemove, textsOf, uninstall } from '../test/harness/apps.ts';
import { type RootShape, printRoot, rootShape } from '../test/harness/generated-roots.ts';
import { peopleEdits } from '../test/harness/people-edits.ts';
import { analytics, payments, storage } from '../test/harness/made-up-connectors.ts';
import { applyPlan } from './apply.ts';
import { checkPlan } from './check-plan.ts';
import { readProject } from './read-project.ts';
import { checkInstalled } from './check-installed.ts';

const runs = { numRuns: 200 };
const pay = payments('');
const track = analytics('');
const store = storage('');

/** An app whose root is generated; a root that registers itself is its entry too. */
function appOf(shape: RootShape): Snapshot {
  const main = shape.export === 'registered' ? 'App.tsx' : 'index.ts';
  return edited(blankApp({ 'App.tsx': printRoot(shape) }), {
    'package.json': (text) => text.replace('index.ts', main),
  });
}

describe('laws of code edits', () => {
  it('installs what a second plan finds complete', () => {
    fc.assert(
      fc.property(rootShape, (shape) => {
        const app = appOf(shape);
        const plan = planAdd(app, [pay, track]);
        const facts = readProject(app, '');
        checkPlan({
          snapshot: app,
          appDir: '',
          facts,
          plan,
          input: { snapshot: app, appDir: '', facts, add: [pay, track], remove: [] },
        });
        const installed = applyPlan(app, plan);
        expect(planAdd(installed, [pay, track]).files).toEqual([]);
        const missing = checkInstalled(installed, '', 'payments', '').filter(({ kind }) => kind === 'missing');
        expect(new Set(missing.map(({ file }) => file))).toEqual(new Set(plan.manual.map(({ file }) => file)));
      }),
      runs,
    );
  });

  it('removes what it installed, byte for byte', () => {
    fc.assert(
      fc.property(rootShape, (shape) => {
        const app = appOf(shape);
        expect(textsOf(uninstall(install(app, pay), pay))).toEqual(textsOf(app));
      }),
      runs,
    );
  });

  it.each(Object.keys(peopleEdits))('leaves what people changed: %s', (name) => {
    const changes = peopleEdits[name] ?? {};
    fc.assert(
      fc.property(rootShape, (shape) => {
        const app = appOf(shape);
        const change = Object.fromEntries(
          Object.entries(changes).map(([file, edit]) => [
            file === 'root' ? 'App.tsx' : file,
            (text: string) => edit(text, shape),
          ]),
        );
        expect(textsOf(uninstall(edited(install(app, pay, store), change), pay, store))).toEqual(
          textsOf(edited(app, change)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same app in any order', () => {
    fc.assert(
      fc.property(rootShape, fc.shuffledSubarray([pay, track, store], { minLength: 2 }), (shape, order) => {
        const app = appOf(shape);
        const oneByOne = order.reduce((snapshot, wanted) => install(snapshot, wanted), app);
        expect(textsOf(oneByOne)).toEqual(textsOf(install(app, ...order)));
        expect(textsOf(oneByOne)).toEqual(textsOf(install(app, ...order.toReversed())));
      }),
      runs,
    );
  });

  it('removes one and leaves the others as if they were alone', () => {
    fc.assert(
      fc.property(rootShape, fc.shuffledSubarray([pay, track, store], { minLength: 2 }), (shape, order) => {
        const app = appOf(shape);
        const [gone, ...rest] = order;
        if (gone === undefined) return;
        expect(textsOf(uninstall(install(app, ...order), gone))).toEqual(textsOf(install(app, ...rest)));
        expect(planRemove(app, [gone]).status).toBe('nothing');
      }),
      runs,
    );
  });
});
