import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, Snapshot, WantedConnector } from '../contract/codegen.ts';
import { appTsx, blankApp, edited, install, planAdd, planRemove, textsOf, uninstall } from '../test/harness/apps.ts';
import { printRoot, rootShape } from '../test/harness/generated-roots.ts';
import { analytics, payments, storage } from '../test/harness/made-up-connectors.ts';
import { applyPlan } from './apply.ts';
import { synchronize } from './synchronize.ts';

const pay = payments('');
const track = analytics('');
const store = storage('');
const two = fc.shuffledSubarray([pay, track, store], { minLength: 2, maxLength: 2 });
const runs = { numRuns: 100 };
/** The root of Expo's template, or a generated one. */
const root = fc.oneof(fc.constant(appTsx), rootShape.map(printRoot));

type Trees = Record<'head' | 'fork' | 'base', Snapshot>;

/** What the merge of a base gives: the tree without our edits, and the one that is committed. */
function merged(trees: Trees, operation: 'install' | 'remove', wanted: WantedConnector) {
  const planOn = (snapshot: Snapshot): { plan: Plan } => ({
    plan: operation === 'install' ? planAdd(snapshot, [wanted]) : planRemove(snapshot, [wanted]),
  });
  const { connector, alias } = wanted;
  const result = synchronize({ ...trees, appDir: '', operation, connector, alias, planOn });
  return { merged: textsOf(result.merged), tree: textsOf(applyPlan(result.merged, result.planned.plan)) };
}

/** What a person does on the branch, far from where connectors are installed. */
const person = (snapshot: Snapshot) =>
  edited(snapshot, {
    'App.tsx': (text) => text.replace('flex: 1,', 'flex: 2,'),
    'notes.md': () => 'theirs\n',
    'package.json': (text) => text.replace('"name": "blank"', '"name": "filled"'),
  });

describe('synchronize', () => {
  it('ends as one install after the other, with what a person did on the branch', () => {
    fc.assert(
      fc.property(root, two, fc.boolean(), (text, [first = pay, second = track], helped) => {
        const fork = blankApp({ 'App.tsx': text });
        const help = helped ? person : (snapshot: Snapshot) => snapshot;
        const base = install(fork, first);
        const { merged: without, tree } = merged({ head: help(install(fork, second)), fork, base }, 'install', second);
        expect(tree).toEqual(textsOf(install(help(base), second)));
        if (!helped) expect(without).toEqual(textsOf(base));
      }),
      runs,
    );
  });

  it('ends as one removal after the other, with what a person did on the branch', () => {
    fc.assert(
      fc.property(root, two, fc.boolean(), (text, [first = pay, second = track], helped) => {
        const fork = install(blankApp({ 'App.tsx': text }), first, second);
        const help = helped ? person : (snapshot: Snapshot) => snapshot;
        const base = uninstall(fork, first);
        const { merged: without, tree } = merged({ head: help(uninstall(fork, second)), fork, base }, 'remove', second);
        expect(tree).toEqual(textsOf(uninstall(help(base), second)));
        if (!helped) expect(without).toEqual(textsOf(base));
      }),
      runs,
    );
  });

  it('does it again when the base moves again, from its own merge', () => {
    fc.assert(
      fc.property(root, (text) => {
        const fork = blankApp({ 'App.tsx': text });
        const base = install(fork, track);
        const once = merged({ head: person(install(fork, pay)), fork, base }, 'install', pay);
        const head = edited(
          base,
          Object.fromEntries(Object.entries(once.tree).map(([path, text]) => [path, () => text])),
        );
        const later = install(base, store);
        const twice = merged({ head, fork: base, base: later }, 'install', pay);
        expect(twice.tree).toEqual(textsOf(install(person(later), pay)));
      }),
      { numRuns: 40 },
    );
  });

  it('takes the lock file of the base when ours has to be written anyway, and merges it otherwise', () => {
    const lock = (text: string) => ({ 'package-lock.json': () => `{ "lockfileVersion": 3, "by": "${text}" }\n` });
    const fork = edited(blankApp(), lock('fork'));
    const base = edited(fork, lock('base'));
    const ours = merged({ head: edited(install(fork, pay), lock('ours')), fork, base }, 'install', pay);
    expect(ours.tree['package-lock.json']).toContain('"base"');

    const files = { ...store, contribution: { ...store.contribution, packages: [], configPlugins: [] } };
    const kept = merged({ head: install(fork, files), fork, base }, 'install', files);
    expect(kept.tree['package-lock.json']).toContain('"base"');
    const people = merged({ head: edited(install(fork, files), lock('theirs')), fork, base: fork }, 'install', files);
    expect(people.tree['package-lock.json']).toContain('"theirs"');
    expect(conflict({ head: edited(install(fork, files), lock('theirs')), fork, base }, files)).toEqual([
      'package-lock.json',
    ]);
  });

  it('names the files that a person and the base changed in different ways', () => {
    const fork = blankApp();
    const background = (colour: string) => ({
      'App.tsx': (text: string) => text.replace('flex: 1,', `flex: 1,\n    backgroundColor: '${colour}',`),
    });
    const base = edited(fork, background('red'));
    expect(conflict({ head: edited(install(fork, pay), background('blue')), fork, base }, pay)).toEqual(['App.tsx']);
  });

  it('does not undo what a person did in place of an edit that cannot be made', () => {
    const closed = 'import { create } from "./create";\nexport default create();\n';
    const fork = blankApp({ 'App.tsx': closed, 'create.tsx': 'export const create = () => () => null;\n' });
    const base = edited(fork, {
      'package.json': (text) => text.replace('"expo": ', '"expo-camera": "1.0.0",\n    "expo": '),
    });
    const head = install(fork, pay);
    const { tree } = merged({ head, fork, base }, 'install', pay);
    expect(tree).toEqual(textsOf(install(base, pay)));

    const wrapped = edited(head, {
      'App.tsx': () =>
        'import { create } from "./create";\nimport { ConnectorProviders } from "./connectors/providers";\n\nexport default create(({ children }) => <ConnectorProviders>{children}</ConnectorProviders>);\n',
    });
    expect(conflict({ head: wrapped, fork, base }, pay)).toEqual(['App.tsx']);
  });

  it('leaves to people what it cannot take out of the branch', () => {
    const fork = blankApp();
    const head = edited(install(fork, pay), { 'App.tsx': (text) => `${text}\nfunction (` });
    expect(conflict({ head, fork, base: fork }, pay)).toEqual(['App.tsx']);
  });

  it('asks for the ownership record when the branch lost it', () => {
    const fork = blankApp();
    const head = new Map([...install(fork, pay)].filter(([path]) => !path.startsWith('.graft/')));
    expect(() => merged({ head, fork, base: fork }, 'install', pay)).toThrow('bring it back');
  });

  function conflict(trees: Trees, wanted: WantedConnector): unknown {
    try {
      merged(trees, 'install', wanted);
    } catch (error) {
      if (error instanceof Error && 'code' in error && 'details' in error && error.code === 'branch_conflict')
        return (error.details as { files: unknown }).files;
      throw error;
    }
    return 'none';
  }
});
