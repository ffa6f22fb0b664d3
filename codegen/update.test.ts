import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WantedConnector } from '../contract/codegen.ts';
import { blankApp, edited, install, planAdd, textsOf, uninstall, update } from '../test/harness/apps.ts';
import { analytics, payments, storage } from '../test/harness/made-up-connectors.ts';
import { listChangedOriginals, textsByBlob } from './originals.ts';
import { plan } from './plan.ts';
import { readProject } from './read-project.ts';

const hook = 'connectors/payments/use-payments.ts';
const wrapper = 'connectors/payments/provider.tsx';
const old = payments('');

/** The same connector with some of what it brings, in other versions and texts. */
function changed(
  wanted: WantedConnector,
  { parts, range, line }: { parts: readonly string[]; range: string; line: string },
): WantedConnector {
  const { contribution } = wanted;
  const has = (part: string) => parts.includes(part);
  return {
    ...wanted,
    version: `2.0.0-${parts.join('')}`,
    options: { ...wanted.options, parts },
    contribution: {
      ...contribution,
      packages: [
        ...contribution.packages.slice(has('package') ? 0 : 1).map((one) => ({ ...one, range })),
        ...(has('new package') ? [{ name: 'brand-new', range: '1.0.0' }] : []),
      ],
      configPlugins: has('plugin') ? contribution.configPlugins : [],
      environmentKeys: contribution.environmentKeys.slice(has('key') ? 0 : 1),
      provider: has('wrapper') ? contribution.provider : undefined,
      files: contribution.files
        .filter(({ path }) => has('hook') || path !== hook)
        .map((file) => ({ ...file, text: `${line}${file.text}` })),
    },
  };
}

const variant = fc.record({
  parts: fc.subarray(['package', 'new package', 'plugin', 'key', 'wrapper', 'hook']),
  range: fc.constantFrom('0.64.0', '1.0.0', '~2.1.0'),
  line: fc.constantFrom('', '// new\n'),
});

describe('an update', () => {
  it('ends as if the new form had been installed at once, with others beside it or not', () => {
    fc.assert(
      fc.property(
        variant,
        variant,
        fc.subarray([analytics(''), storage('')]),
        fc.boolean(),
        (one, two, others, before) => {
          const [from, to] = [changed(old, one), changed(old, two)];
          const app = blankApp();
          const installed = before ? install(install(app, ...others), from) : install(install(app, from), ...others);
          const updated = update(installed, [to]);
          expect(textsOf(updated)).toEqual(textsOf(install(app, to, ...others)));
          expect(textsOf(uninstall(updated, to, ...others))).toEqual(textsOf(app));
          expect(planAdd(updated, [to]).status).toBe('nothing');
        },
      ),
      { numRuns: 300 },
    );
  });

  const next = changed(old, {
    parts: ['package', 'plugin', 'key', 'wrapper', 'hook'],
    range: '1.0.0',
    line: '// new\n',
  });
  const installed = edited(install(blankApp(), old), {
    [hook]: (text) => text.replace("return useState<PaymentState>('idle')", "return useState<PaymentState>('busy')"),
  });
  const originals = textsByBlob(old.contribution.files, { language: 'typescript' });

  it('lets only what the provider told take the place of what it told before', () => {
    const of = (text: string, source: 'provider' | 'example') => {
      const files = old.contribution.files.map((file) => (file.path === hook ? { ...file, text, source } : file));
      return { ...old, contribution: { ...old.contribution, files } };
    };
    const [example, other] = [of('// an example\n', 'example'), of('// another\n', 'example')];
    const [told, toldAnew] = [of('// told\n', 'provider'), of('// told anew\n', 'provider')];
    const first = install(blankApp(), example);
    expect(textsOf(update(first, [other]))[hook]).toBe('// another\n');
    const second = update(first, [told]);
    expect(textsOf(second)).toEqual(textsOf(install(blankApp(), told)));
    expect(planAdd(second, [other]).status).toBe('nothing');
    expect(textsOf(update(second, [toldAnew]))[hook]).toBe('// told anew\n');

    const written = edited(second, { [hook]: (text) => `${text}// by people\n` });
    const facts = readProject(written, '');
    const originals = textsByBlob(told.contribution.files, { language: 'typescript' });
    const asked = { snapshot: written, appDir: '', facts, add: [toldAnew], remove: [], originals };
    const { files, manual, notes } = plan(asked);
    expect([files.map(({ path }) => path), manual]).toEqual([['.graft/payments.json'], []]);
    expect(notes).toEqual([expect.stringMatching(`^${hook} was changed by people and stays`)]);
    expect(planAdd(written, [other]).status).toBe('nothing');
    const needing = (needed: string) => {
      const files = other.contribution.files.map((file) => (file.path === hook ? { ...file, needed } : file));
      return { ...other, contribution: { ...other.contribution, files } };
    };
    expect(planAdd(second, [needing('// told\n// and more')]).manual).toEqual([]);
    expect(planAdd(second, [needing('notes: {\n};')]).manual).toEqual([
      { file: hook, reason: expect.stringMatching(/^the provider told what is in it/), snippet: 'notes: {\n};' },
    ]);
    const adopted = install(new Map([...second].filter(([path]) => !path.startsWith('.graft/'))), told);
    expect(planAdd(adopted, [other]).files.map(({ path }) => path)).not.toContain(hook);
    const gone = new Map([...second].filter(([path]) => path !== hook));
    expect(textsOf(update(gone, [other]))[hook]).toBe('// another\n');
    expect(textsOf(uninstall(second, told))).toEqual(textsOf(blankApp()));
  });

  it('merges what people changed in a file of ours with what is new in it', () => {
    expect(listChangedOriginals(installed, '', old).map((blob) => originals.get(blob))).toEqual([
      old.contribution.files.find(({ path }) => path === hook)?.text,
    ]);
    const updated = textsOf(update(installed, [next], originals));
    expect(updated[hook]).toContain("useState<PaymentState>('busy')");
    expect(updated[hook]).toMatch(/^\/\/ new\n/);
    expect(updated[wrapper]).toMatch(/^\/\/ new\n/);
  });

  it.each([
    ['people changed the same lines', (text: string) => `// old\n${text}`, originals],
    ['what was written first is not known any more', (text: string) => `${text}// more\n`, new Map<string, string>()],
  ])('leaves a file as people have it, and shows what it would be, when %s', (_, change, known) => {
    const app = edited(install(blankApp(), old), { [hook]: change });
    const facts = readProject(app, '');
    const planned = plan({ snapshot: app, appDir: '', facts, add: [next], remove: [], originals: known });
    expect(planned.status).toBe('manual');
    expect(planned.files.map(({ path }) => path)).not.toContain(hook);
    const text = next.contribution.files.find(({ path }) => path === hook)?.text;
    expect(planned.manual).toMatchObject([{ file: hook, snippet: text }]);
    expect(textsOf(update(app, [next], known))[hook]).toBe(textsOf(app)[hook]);
  });

  it('brings back what is missing and nothing else', () => {
    const whole = install(blankApp(), old);
    const broken = new Map(edited(whole, { 'App.tsx': (text) => text.replaceAll(/<\/?ConnectorProviders>/g, '') }));
    broken.delete(hook);
    expect(textsOf(update(broken, [old]))[hook]).toBe(textsOf(whole)[hook]);
    expect(textsOf(update(broken, [old]))['App.tsx']).toContain('<ConnectorProviders>');
  });

  it('names a file once that people made the same as the new one', () => {
    const text = next.contribution.files.find(({ path }) => path === hook)?.text ?? '';
    const app = edited(install(blankApp(), old), { [hook]: () => text });
    expect(textsOf(update(app, [next]))).toEqual(textsOf(update(install(blankApp(), old), [next])));
  });
});
