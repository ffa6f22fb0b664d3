import fc from 'fast-check';
import { readProject } from '../../codegen/read-project.ts';
import { readSchema } from '../../connectors/supabase/read-schema.ts';
import { recorded } from '../../connectors/supabase/samples.ts';
import { connectors, getConnector } from '../../connectors/index.ts';
import type { Snapshot, WantedConnector } from '../../contract/codegen.ts';
import type { Framework } from '../../contract/closed-sets.ts';
import type { Discovered, Manifest } from '../../contract/connector.ts';
import { blankApp, snapshotOf, textsOf } from './apps.ts';
import { nextForm, printNextApp } from './generated-next-apps.ts';
import { nextRootShape } from './generated-next-roots.ts';
import { type RootShape, printRoot, rootShape } from './generated-roots.ts';
import type { EditedShape } from './people-edits.ts';

/** An app of some shape, and connectors of the registry under some aliases with some of their options. */
export interface GeneratedCase {
  snapshot: Snapshot;
  /** Folder of the app, empty or of a monorepo. */
  appDir: string;
  /** The file with the root component, from the app folder. */
  root: string;
  shape: EditedShape;
  wanted: readonly WantedConnector[];
}

const manifests = {
  template: (text: string) => text,
  minified: (text: string) => JSON.stringify(JSON.parse(text)),
  tabs: (text: string) => `${JSON.stringify(JSON.parse(text), null, '\t')}\n`,
  'carriage returns': (text: string) => `${JSON.stringify(JSON.parse(text), null, 4)}\n`.replaceAll('\n', '\r\n'),
  mark: (text: string) => `\uFEFF${text}`,
  unsorted: (text: string) => text.replace('"react":', '"zod": "4.0.0",\n    "react":'),
};
const configs = {
  ...manifests,
  'with plugins': (text: string) =>
    text.replace('"slug"', '"plugins": ["expo-font", ["expo-camera", {}]],\n    "slug"'),
  'an empty list': (text: string) => text.replace('"slug"', '"plugins": [],\n    "slug"'),
  comments: (text: string) => text.replace('"slug"', '// where it lives\n    "slug"'),
  'a server and a scheme': (text: string) =>
    text
      .replace('"favicon"', '"output": "server",\n      "favicon"')
      .replace('"slug"', '"scheme": "blank",\n    "slug"'),
  none: () => undefined,
};
const dynamicConfigs = {
  none: undefined,
  'passes plugins on': 'export default ({ config }) => ({ ...config, extra: { on: true } });\n',
  'one object': "export default {\n  name: 'Blank',\n  slug: 'blank',\n};\n",
  'one list': "module.exports = ({ config }) => ({ ...config, plugins: ['expo-font', 'expo-camera'] });\n",
  branches: "export default () => (process.env.DEV ? { name: 'a' } : { name: 'b', plugins: [] });\n",
};
const ignoredFiles = {
  covered: 'node_modules/\n.env*.local\n',
  open: 'node_modules/\n',
  'no last line end': '# mine\ndist',
  'carriage returns': 'a\r\nb\r\n',
  none: undefined,
};
const examples = {
  none: undefined,
  empty: '',
  mine: '# mine\nA=1\n',
  'no last line end': 'A=1',
  'carriage returns': 'A="x y"\r\n\r\nB=\r\n',
};

function nameIn<Choices extends object>(choices: Choices): fc.Arbitrary<keyof Choices & string> {
  return fc.constantFrom(...(Object.keys(choices) as (keyof Choices & string)[]));
}

const form = fc.record({
  root: fc.constantFrom('App.tsx', 'App.js', 'App.jsx', 'app/_layout.tsx', 'src/app/_layout.tsx', 'app/_layout.js'),
  appDir: fc.constantFrom('', '', 'apps/mobile'),
  manifest: nameIn(manifests),
  config: nameIn(configs),
  dynamic: nameIn(dynamicConfigs),
  ignored: nameIn(ignoredFiles),
  example: nameIn(examples),
});
type Form = typeof form extends fc.Arbitrary<infer Value> ? Value : never;

function printApp(app: Form, shape: RootShape): Snapshot {
  const { 'App.tsx': _, 'index.ts': entry = '', ...rest } = textsOf(blankApp());
  const language = app.root.endsWith('.tsx') ? 'ts' : 'js';
  const isRouter = app.root.includes('_layout');
  const ownEntry = isRouter ? 'expo-router/entry' : shape.export === 'registered' ? app.root : `index.${language}`;
  const manifest = (rest['package.json'] ?? '')
    .replace('index.ts', ownEntry)
    .replace('"expo-status-bar"', isRouter ? '"expo-router": "~57.0.0",\n    "expo-status-bar"' : '"expo-status-bar"');
  const texts: Record<string, string | undefined> = {
    ...rest,
    [app.root]: printRoot(shape),
    [`index.${language}`]: isRouter ? undefined : entry,
    'tsconfig.json': language === 'ts' ? rest['tsconfig.json'] : undefined,
    'package.json': manifests[app.manifest](manifest),
    'app.json': configs[app.config](rest['app.json'] ?? ''),
    'app.config.js': dynamicConfigs[app.dynamic],
    '.gitignore': ignoredFiles[app.ignored],
    '.env.example': examples[app.example],
  };
  const folder = app.appDir === '' ? '' : `${app.appDir}/`;
  const workspace = folder === '' ? {} : { 'package.json': '{ "private": true, "workspaces": ["apps/*"] }\n' };
  const files = Object.entries(texts).flatMap(([path, text]) => (text === undefined ? [] : [[folder + path, text]]));
  return snapshotOf({ ...workspace, ...Object.fromEntries(files) });
}

/** Options that a connector's own schema takes; where they contradict each other, its defaults. */
function optionsFor({ optionFields, options }: Manifest): fc.Arbitrary<Record<string, unknown>> {
  const fields = optionFields.map(({ name, type, choices, default: fallback }) => [
    name,
    type === 'boolean' ? fc.boolean() : fc.constantFrom(...(choices ?? [String(fallback)])),
  ]);
  return fc.record(Object.fromEntries(fields)).map((random) => options.safeParse(random).data ?? options.parse({}));
}

/** One alias, or two of a connector that an app can hold more than once; one of them begins as a file of the other's does. */
function aliasesOf({ singleton }: Manifest): fc.Arbitrary<readonly string[]> {
  const one = [[''], ['second']];
  return fc.constantFrom(
    ...one,
    ...(singleton
      ? []
      : [
          ['', 'second'],
          ['', 'auth'],
          ['first', 'second'],
        ]),
  );
}

/** Some connectors of the registry that fit the framework, under some aliases, in some order. */
function chosenFor(framework: Framework) {
  return fc
    .subarray(
      [...connectors.values()].filter(({ manifest }) => manifest.compatibility[framework] !== undefined),
      { minLength: 1 },
    )
    .chain((some) =>
      fc.tuple(
        ...some.map(({ manifest }) =>
          aliasesOf(manifest).chain((aliases) =>
            fc.tuple(
              ...aliases.map((alias) =>
                fc
                  .tuple(optionsFor(manifest), fc.boolean())
                  .map(([options, told]) => ({ id: manifest.id, alias, options, told })),
              ),
            ),
          ),
        ),
      ),
    )
    .chain((all) => fc.shuffledSubarray(all.flat(), { minLength: all.flat().length }));
}
/** With what its provider told where `told`, and its connector makes code of it. */
type Choice = { id: string; alias: string; options: Record<string, unknown>; told: boolean };

const discoveries: Readonly<Record<string, Discovered>> = {
  supabase: { schema: readSchema(recorded('schema').body) },
};

function wantedIn(snapshot: Snapshot, appDir: string, choices: readonly Choice[]): WantedConnector[] {
  const facts = readProject(snapshot, appDir);
  return choices.map(({ id, alias, options, told }) => {
    const connector = getConnector(id);
    return {
      connector: id,
      alias,
      version: connector.manifest.version,
      options,
      contribution: connector.contribute({
        app: facts,
        alias,
        options,
        discovered: told ? discoveries[id] : undefined,
      }),
    };
  });
}

const expoCase: fc.Arbitrary<GeneratedCase> = fc
  .tuple(form, rootShape, chosenFor('expo'))
  .map(([app, shape, choices]) => {
    const snapshot = printApp(app, shape);
    const { appDir, root } = app;
    const wanted = wantedIn(snapshot, appDir, choices);
    return { snapshot, appDir, root, shape, wanted, toString: () => JSON.stringify({ app, shape, choices }) };
  });

const around = fc.record({ manifest: nameIn(manifests), ignored: nameIn(ignoredFiles), example: nameIn(examples) });

/** Apps of Next.js of every shape that is edited, with connectors that fit. */
export const nextCase: fc.Arbitrary<GeneratedCase> = fc
  .tuple(nextForm, nextRootShape, around, chosenFor('next'))
  .map(([app, shape, { manifest, ignored, example }, choices]) => {
    const files = { '.gitignore': ignoredFiles[ignored], '.env.example': examples[example] };
    const snapshot = printNextApp(app, shape, { manifest: manifests[manifest], files });
    const { appDir, root } = app;
    const wanted = wantedIn(snapshot, appDir, choices);
    const written = { app, shape, manifest, ignored, example, choices };
    return { snapshot, appDir, root, shape, wanted, toString: () => JSON.stringify(written) };
  });

/** Apps of every shape with connectors of the registry. */
export const generatedCase: fc.Arbitrary<GeneratedCase> = fc.oneof(
  { weight: 3, arbitrary: expoCase },
  { weight: 2, arbitrary: nextCase },
);
