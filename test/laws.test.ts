import fc from 'fast-check';
import { parse as parseJsonc } from 'jsonc-parser';
import { format } from 'oxfmt';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../codegen/apply.ts';
import { checkInstalled } from '../codegen/check-installed.ts';
import { checkPlan } from '../codegen/check-plan.ts';
import { plan } from '../codegen/plan.ts';
import { providersPath } from '../codegen/providers-file.ts';
import { readProject } from '../codegen/read-project.ts';
import type { Plan, PlanInput, Snapshot, WantedConnector } from '../contract/codegen.ts';
import { edited, snapshotOf, textsOf } from './harness/apps.ts';
import { type GeneratedCase, generatedCase, nextCase } from './harness/generated-apps.ts';
import { peopleEdits } from './harness/people-edits.ts';

/** `npm run test:laws -- --cases N --seed S` sets both; a failure prints the seed and the path to the smallest case. */
const { GRAFT_LAW_CASES: cases = '2100', GRAFT_LAW_SEED: seed } = process.env;
const laws = 10;
const runs = {
  numRuns: Math.ceil(Number(cases) / laws),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
};
const timeout = 60_000 + Number(cases) * 500;

function inputOf({ appDir }: GeneratedCase, snapshot: Snapshot, add: readonly WantedConnector[]): PlanInput {
  return { snapshot, appDir, facts: readProject(snapshot, appDir), add, remove: [] };
}

function install(one: GeneratedCase, snapshot: Snapshot, ...add: readonly WantedConnector[]): Snapshot {
  return applyPlan(snapshot, plan(inputOf(one, snapshot, add)));
}

function planRemoval(one: GeneratedCase, snapshot: Snapshot, remove: readonly WantedConnector[]): Plan {
  return plan({ ...inputOf(one, snapshot, []), remove });
}

function uninstall(one: GeneratedCase, snapshot: Snapshot, ...remove: readonly WantedConnector[]): Snapshot {
  return applyPlan(snapshot, planRemoval(one, snapshot, remove));
}

function inApp({ appDir }: GeneratedCase, file: string): string {
  return appDir === '' ? file : `${appDir}/${file}`;
}

function isJson(text: string | undefined): boolean {
  try {
    return typeof JSON.parse(text ?? '') === 'object';
  } catch {
    return false;
  }
}

/** Makes some of people's edits, where the app as it was has what they change. */
function edit(one: GeneratedCase, snapshot: Snapshot, names: readonly string[]): Snapshot {
  const before = textsOf(one.snapshot);
  const edits = names.flatMap((name) => Object.entries(peopleEdits[name] ?? {}));
  return edits.reduce((current, [name, change]) => {
    const file = inApp(one, name === 'root' ? one.root : name);
    if (name.endsWith('.json') && !isJson(before[file])) return current;
    return edited(current, { [file]: (text) => change(text, one.shape) });
  }, snapshot);
}

/** The app as a formatter leaves it: every file it can read, in one style. */
async function formatted(snapshot: Snapshot): Promise<Snapshot> {
  const texts = Object.entries(textsOf(snapshot)).map(async ([path, text]) => {
    if (path.includes('.graft/') || !/\.(?:[jt]sx?|json)$/.test(path)) return [path, text];
    const { code, errors } = await format(path, text, { singleQuote: true, semi: false, tabWidth: 4 });
    return [path, errors.length === 0 ? code : text];
  });
  return snapshotOf(Object.fromEntries(await Promise.all(texts)));
}

/** Whether a list or object stands on one line or several is the formatter's memory, not its style. */
function meaningOf(snapshot: Snapshot): Record<string, unknown> {
  const texts = Object.entries(textsOf(snapshot)).map(([path, text]) => {
    if (path.endsWith('.json')) return [path, parseJsonc(text)];
    return [path, path.endsWith('app.config.js') ? text.replaceAll(/[\s,]/g, '') : text];
  });
  return Object.fromEntries(texts);
}

const split = (wanted: readonly WantedConnector[]) => fc.subarray([...wanted]);

describe(
  'every connector of the registry, every pair, all together, under one alias or two, on any app',
  { timeout },
  () => {
    it('installs what a second plan finds complete, and passes every check', () => {
      fc.assert(
        fc.property(generatedCase, (one) => {
          const { snapshot, appDir, wanted } = one;
          const input = inputOf(one, snapshot, wanted);
          const planned = plan(input);
          checkPlan({ snapshot, appDir, facts: input.facts, plan: planned, input });
          const installed = applyPlan(snapshot, planned);
          const again = plan(inputOf(one, installed, wanted));
          expect([again.files, again.manual]).toEqual([[], planned.manual]);
          const findings = wanted.flatMap(({ connector, alias }) =>
            checkInstalled(installed, appDir, connector, alias),
          );
          const left = new Set(planned.manual.map(({ file }) => file));
          expect(findings.filter(({ kind, file }) => kind === 'missing' && !left.has(file))).toEqual([]);
        }),
        runs,
      );
    });

    it('leaves nothing to a person in an app of Next.js, and keeps its layout around and inside the wrapper', () => {
      const bare = (text = '') => text.replaceAll(/\s/g, '');
      fc.assert(
        fc.property(nextCase, (one) => {
          const planned = plan(inputOf(one, one.snapshot, one.wanted));
          expect(planned.manual).toEqual([]);
          const root = inApp(one, one.root);
          const after = bare(textsOf(applyPlan(one.snapshot, planned))[root]);
          const isWrapped = one.wanted.some(({ contribution }) => contribution.provider !== undefined);
          expect(after.includes('<ConnectorProviders>')).toBe(isWrapped);
          if (one.root.includes('_app')) return;
          const without = after
            .replace(/import\{ConnectorProviders\}from(['"])[^'"]+\1;?/, '')
            .replace(/(<body[^>]*>)<ConnectorProviders>(.*)<\/ConnectorProviders>(?=<\/body>)/, '$1$2');
          expect(without).toBe(bare(textsOf(one.snapshot)[root]));
        }),
        runs,
      );
    });

    it('gives no file, no environment key and no wrapper two owners', () => {
      fc.assert(
        fc.property(generatedCase, (one) => {
          const all = one.wanted.map(({ contribution }) => contribution);
          const files = all.flatMap((each) => each.files.map(({ path }) => path));
          const keys = all.flatMap(({ environmentKeys }) => environmentKeys.map(({ key }) => key));
          const wrappers = all.flatMap(({ provider }) => (provider === undefined ? [] : [provider]));
          for (const names of [files, keys]) expect(names).toEqual([...new Set(names)]);
          const { sourceDir, language } = readProject(one.snapshot, one.appDir);
          const installed = textsOf(install(one, one.snapshot, ...one.wanted));
          const nested = installed[inApp(one, providersPath({ sourceDir, language }))] ?? '';
          const imported = [...nested.matchAll(/^import \{ (?:\w+ as )?(\w+) \} from '\.\/(.+)';$/gm)];
          expect(imported.map(([, , module]) => module).toSorted()).toEqual(
            wrappers.map(({ module }) => module.replace(/^.*?connectors\/|\.tsx$/g, '')).toSorted(),
          );
          const locals = imported.map(([, local]) => local);
          expect(locals).toEqual([...new Set(locals)]);
          for (const local of locals) expect(nested).toContain(`<${local}>`);
        }),
        runs,
      );
    });

    it('removes what it installed, byte for byte', () => {
      fc.assert(
        fc.property(generatedCase, (one) => {
          const installed = install(one, one.snapshot, ...one.wanted);
          expect(textsOf(uninstall(one, installed, ...one.wanted))).toEqual(textsOf(one.snapshot));
        }),
        runs,
      );
    });

    it('leaves what people changed in between', () => {
      fc.assert(
        fc.property(
          generatedCase,
          fc.uniqueArray(fc.constantFrom(...Object.keys(peopleEdits)), { minLength: 1, maxLength: 3 }),
          (one, names) => {
            const changed = edit(one, install(one, one.snapshot, ...one.wanted), names);
            expect(textsOf(uninstall(one, changed, ...one.wanted))).toEqual(textsOf(edit(one, one.snapshot, names)));
          },
        ),
        runs,
      );
    });

    it('gives the same app in any order', () => {
      fc.assert(
        fc.property(generatedCase, (one) => {
          const together = textsOf(install(one, one.snapshot, ...one.wanted));
          const oneByOne = one.wanted.reduce((snapshot, wanted) => install(one, snapshot, wanted), one.snapshot);
          expect(textsOf(oneByOne)).toEqual(together);
          expect(textsOf(install(one, one.snapshot, ...one.wanted.toReversed()))).toEqual(together);
        }),
        runs,
      );
    });

    it('removes any of them and leaves what the rest alone would have left', () => {
      fc.assert(
        fc.property(
          generatedCase.chain((one) => fc.tuple(fc.constant(one), split(one.wanted))),
          ([one, gone]) => {
            const rest = one.wanted.filter((wanted) => !gone.includes(wanted));
            const left = uninstall(one, install(one, one.snapshot, ...one.wanted), ...gone);
            expect(textsOf(left)).toEqual(textsOf(install(one, one.snapshot, ...rest)));
          },
        ),
        runs,
      );
    });

    it('keeps and names a package that the app has come to use', () => {
      fc.assert(
        fc.property(
          generatedCase.chain((one) =>
            fc.tuple(
              fc.constant(one),
              fc.constantFrom(...one.wanted.flatMap(({ contribution }) => contribution.packages)),
            ),
          ),
          ([one, used]) => {
            const own = { [inApp(one, 'lib/own.js')]: () => `import thing from '${used.name}/part'\n` };
            const installed = edited(install(one, one.snapshot, ...one.wanted), own);
            const removal = planRemoval(one, installed, one.wanted);
            const { [inApp(one, 'package.json')]: manifest = '', ...rest } = textsOf(applyPlan(installed, removal));
            const { [inApp(one, 'package.json')]: __, ...before } = textsOf(edited(one.snapshot, own));
            expect(rest).toEqual(before);
            expect(JSON.parse(manifest.replace('\uFEFF', '')).dependencies).toMatchObject({ [used.name]: used.range });
            expect(removal.notes.join()).toMatch(new RegExp(`${used.name} stays .*lib/own\\.js`));
          },
        ),
        runs,
      );
    });

    it('goes by meaning where a formatter went over everything', async () => {
      await fc.assert(
        fc.asyncProperty(generatedCase, async (one) => {
          const installed = await formatted(install(one, one.snapshot, ...one.wanted));
          const left = await formatted(uninstall(one, installed, ...one.wanted));
          expect(meaningOf(left)).toEqual(meaningOf(await formatted(one.snapshot)));
        }),
        runs,
      );
    });

    it('takes out a wrapper that people gave props, and names them', () => {
      fc.assert(
        fc.property(generatedCase, (one) => {
          const root = inApp(one, one.root);
          const changed = edited(install(one, one.snapshot, ...one.wanted), {
            [root]: (text) => text.replace('<ConnectorProviders>', '<ConnectorProviders on={true}>'),
          });
          const isChanged = textsOf(changed)[root]?.includes('on={true}');
          const removal = planRemoval(one, changed, one.wanted);
          expect(textsOf(applyPlan(changed, removal))).toEqual(textsOf(one.snapshot));
          expect(removal.notes.join().includes('<ConnectorProviders on={true}>')).toBe(isChanged);
        }),
        runs,
      );
    });
  },
);
