import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ObjectLiteralExpression, Project, QuoteKind, type SourceFile, SyntaxKind } from 'ts-morph';
import { plan } from '../../codegen/plan.ts';
import { readProject } from '../../codegen/read-project.ts';
import { getConnector } from '../../connectors/index.ts';
import type { Snapshot } from '../../contract/codegen.ts';

const limits = { milliseconds: 10, shareOfTsMorph: 0.1 };
const rounds = { warmUp: 20, planning: 200, tsMorphWarmUp: 2, tsMorph: 9 };
const files = ['.gitignore', 'App.tsx', 'app.json', 'index.ts', 'package.json', 'tsconfig.json'];

const template = new Map(files.map((file) => [file, readTemplate(file)]));
const texts = new Map([...template].map(([file, bytes]) => [file, bytes.toString()]));
const stripe = getConnector('stripe');

/** Everything from the files of the base commit to the plan: facts, contribution, edits, records, hash. */
function planStripe(): void {
  const snapshot: Snapshot = new Map([...template].map(([path, bytes]) => [path, { mode: '100644', bytes }]));
  const facts = readProject(snapshot, '');
  const options = stripe.manifest.options.parse({});
  const contribution = stripe.contribute({ app: facts, alias: '', options });
  const wanted = { connector: 'stripe', alias: '', version: stripe.manifest.version, options, contribution };
  const { files: planned } = plan({ snapshot, appDir: '', facts, add: [wanted], remove: [] });
  expectEdited(new Map(planned.map(({ path, text }) => [path, text ?? ''])));
}

/**
 * The same edit of the three shared files as ts-morph's documentation has one do it: the root is what the entry imports and that file's
 * default export, then import and wrap, the package, the config plugin, and the check that the result parses. No records, no own files.
 */
function editWithTsMorph(): void {
  const project = new Project({ useInMemoryFileSystem: true, manipulationSettings: { quoteKind: QuoteKind.Single } });
  for (const name of ['App.tsx', 'index.ts']) project.createSourceFile(name, texts.get(name) ?? '');
  const entry = project.getSourceFileOrThrow('index.ts');
  const app = entry.getImportDeclarationOrThrow('./App').getModuleSpecifierSourceFileOrThrow();
  const [root] = app.getDefaultExportSymbolOrThrow().getDeclarations();
  app.addImportDeclaration({ moduleSpecifier: './connectors/providers', namedImports: ['ConnectorProviders'] });
  const tree = root?.getFirstDescendantByKindOrThrow(SyntaxKind.JsxElement);
  tree?.replaceWithText(`<ConnectorProviders>\n${tree.getText()}\n</ConnectorProviders>`);
  const manifest = project.createSourceFile('package.json', texts.get('package.json') ?? '');
  const dependencies = objectIn(manifest, '"dependencies"');
  dependencies.insertPropertyAssignment(0, { name: '"@stripe/stripe-react-native"', initializer: '"0.64.0"' });
  const config = project.createSourceFile('app.json', texts.get('app.json') ?? '');
  const plugins = '[["@stripe/stripe-react-native", { "enableGooglePay": false }]]';
  objectIn(config, '"expo"').addPropertyAssignment({ name: '"plugins"', initializer: plugins });
  if (project.getProgram().getSyntacticDiagnostics(app).length > 0) throw new Error('ts-morph broke App.tsx.');
  expectEdited(new Map([app, manifest, config].map((file) => [file.getBaseName(), file.getFullText()])));
}

function objectIn(file: SourceFile, name: string): ObjectLiteralExpression {
  const object = file.getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression);
  return object.getPropertyOrThrow(name).getFirstDescendantByKindOrThrow(SyntaxKind.ObjectLiteralExpression);
}

/** A side that did not make the edit would have an easy win. */
function expectEdited(edited: ReadonlyMap<string, string>): void {
  const complete =
    edited.get('App.tsx')?.includes('</ConnectorProviders>') &&
    edited.get('package.json')?.includes('@stripe/stripe-react-native') &&
    edited.get('app.json')?.includes('@stripe/stripe-react-native');
  if (!complete) throw new Error('An edit is incomplete, so its time means nothing.');
}

function readTemplate(file: string): Buffer {
  return readFileSync(join(import.meta.dirname, '../golden/blank-template/input', file));
}

/** Median of the milliseconds that a call takes. */
function measure(call: () => void, count: number): number {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN;
}

measure(planStripe, rounds.warmUp);
measure(editWithTsMorph, rounds.tsMorphWarmUp);
const planning = measure(planStripe, rounds.planning);
const tsMorph = measure(editWithTsMorph, rounds.tsMorph);
const share = planning / tsMorph;
const passed = planning <= limits.milliseconds && share <= limits.shareOfTsMorph;

console.log(
  `Planning Stripe into the blank template: ${planning.toFixed(2)} ms, median of ${rounds.planning} (at most ${limits.milliseconds} ms)`,
);
console.log(`The edit of the three shared files with ts-morph: ${tsMorph.toFixed(2)} ms, median of ${rounds.tsMorph}`);
console.log(`Ratio: ${share.toFixed(3)}, 1 to ${(1 / share).toFixed(1)} (at most ${limits.shareOfTsMorph})`);
console.log(passed ? 'Within both limits.' : 'A limit is missed.');
process.exitCode = passed ? 0 : 1;
