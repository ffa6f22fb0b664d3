import { describe, expect, it } from 'vitest';
import {
  appTsx,
  blankApp,
  edited,
  install,
  planAdd,
  planRemove,
  snapshotOf,
  textsOf,
  uninstall,
} from '../test/harness/apps.ts';
import { analytics, payments } from '../test/harness/made-up-connectors.ts';
import { applyPlan } from './apply.ts';
import { checkPlan } from './check-plan.ts';
import { readProject } from './read-project.ts';
import { checkInstalled } from './check-installed.ts';

const pay = payments('');
const rootOf = (files: Parameters<typeof textsOf>[0], file = 'App.tsx') => textsOf(files)[file];
const withRoot = (text: string) => blankApp({ 'App.tsx': text });
const changeRoot = (from: string | RegExp, to: string) => ({ 'App.tsx': (text: string) => text.replace(from, to) });

/** What is left of people's changes to the installed root once the connector is removed. */
function afterRemoval(from: string | RegExp, to: string, root = appTsx) {
  const changed = edited(install(withRoot(root), pay), changeRoot(from, to));
  const plan = planRemove(changed, [pay]);
  return { plan, text: rootOf(applyPlan(changed, plan)) };
}

describe('the root that people changed', () => {
  it('keeps a provider around ours', () => {
    const outside = afterRemoval(
      /^ {4}<ConnectorProviders>[^]*<\/ConnectorProviders>$/m,
      `    <Theme>
      <ConnectorProviders>
        <View style={styles.container}>
          <Text>Mine</Text>
        </View>
      </ConnectorProviders>
    </Theme>`,
    );
    expect(outside.text).toContain(
      '  return (\n    <Theme>\n      <View style={styles.container}>\n        <Text>Mine</Text>\n      </View>\n    </Theme>\n  );',
    );
    expect(outside.text).not.toContain('ConnectorProviders');
    expect(outside.plan.manual).toEqual([]);
  });

  it('keeps a provider inside ours', () => {
    const inside = afterRemoval(
      /( {6})(<View style[^]*<\/View>)/,
      '$1<Theme>\n        <Text>Mine</Text>\n      </Theme>',
    );
    expect(inside.text).toContain('  return (\n    <Theme>\n      <Text>Mine</Text>\n    </Theme>\n  );');
  });

  it('keeps what stands beside the tree in our element', () => {
    const beside = afterRemoval('      <View style', '      <Banner />\n      <View style');
    expect(beside.text).toMatch(/return \(\n {4}<>\n {6}<Banner \/>\n {6}<View[^]*<\/View>\n {4}<\/>\n {2}\);/);
  });

  it('keeps a longer tree where a short one stood without parentheses', () => {
    const short = 'export default function App() {\n  return <Slot />;\n}\n';
    expect(rootOf(install(withRoot(short), pay))).toBe(
      "import { ConnectorProviders } from './connectors/providers';\nexport default function App() {\n  return (\n    <ConnectorProviders>\n      <Slot />\n    </ConnectorProviders>\n  );\n}\n",
    );
    expect(afterRemoval('<Slot />', '<Stack />', short).text).toBe(short.replace('Slot', 'Stack'));
    const grown = afterRemoval('      <Slot />', '      <Theme>\n        <Slot />\n      </Theme>', short);
    expect(grown.text).toBe(
      'export default function App() {\n  return (\n    <Theme>\n      <Slot />\n    </Theme>\n  );\n}\n',
    );
  });

  it('names what people gave our tag', () => {
    const { plan, text } = afterRemoval('<ConnectorProviders>', '<ConnectorProviders debug>');
    expect(text).toBe(appTsx);
    expect(plan.notes.join()).toContain('<ConnectorProviders debug>');
  });

  it('keeps the import while something else uses it, and says so', () => {
    const { plan, text } = afterRemoval('const styles', 'export const providers = ConnectorProviders;\n\nconst styles');
    expect(text).toContain("import { ConnectorProviders } from './connectors/providers';");
    expect(text).not.toContain('<ConnectorProviders>');
    expect(plan.notes.join()).toContain('App.tsx keeps its import of ConnectorProviders');
  });

  it('follows the import where people made an alias or another path of it', () => {
    const { text } = afterRemoval(
      /import { ConnectorProviders } from '.\/connectors\/providers';\n([^]*)<ConnectorProviders>([^]*)<\/ConnectorProviders>/,
      "import { ConnectorProviders as Connectors } from '@/connectors/providers';\n$1<Connectors>$2</Connectors>",
    );
    expect(text).toBe(appTsx);
  });

  it('takes the wrap out of the file that people moved it to', () => {
    const moved = edited(install(blankApp(), pay), {
      'App.tsx': () => "import { Frame } from './frame';\n\nexport default function App() {\n  return <Frame />;\n}\n",
      'frame.tsx': () =>
        "import { ConnectorProviders } from './connectors/providers';\n\nexport const Frame = () => (\n  <ConnectorProviders>\n    <Slot />\n  </ConnectorProviders>\n);\n",
    });
    expect(rootOf(uninstall(moved, pay), 'frame.tsx')).toBe('\nexport const Frame = () => (\n  <Slot />\n);\n');
  });

  it('brings the wrap back when the connector is installed again', () => {
    const without = edited(install(blankApp(), pay), { 'App.tsx': () => appTsx });
    expect(checkInstalled(without, '', 'payments', '').map(({ what }) => what)).toEqual([
      'ConnectorProviders is not imported',
      '<ConnectorProviders> is not around the app',
    ]);
    expect(textsOf(install(without, pay))).toEqual(textsOf(install(blankApp(), pay)));
    const noImport = edited(install(blankApp(), pay), changeRoot(/import { ConnectorProviders }.*\n/, ''));
    expect(textsOf(install(noImport, pay))).toEqual(textsOf(install(blankApp(), pay)));
  });
});

it('mends what people took out for a connector that comes later', () => {
  const track = analytics('');
  const without = edited(install(blankApp(), pay), { 'App.tsx': () => appTsx });
  const facts = readProject(without, '');
  const plan = planAdd(without, [track]);
  checkPlan({
    snapshot: without,
    appDir: '',
    facts,
    plan,
    input: { snapshot: without, appDir: '', facts, add: [track], remove: [] },
  });
  expect(textsOf(applyPlan(without, plan))).toEqual(textsOf(install(blankApp(), pay, track)));
});

it('says that a root of one platform is not wrapped', () => {
  const plan = planAdd(blankApp({ 'App.web.tsx': appTsx }), [pay]);
  expect(plan.notes).toEqual([expect.stringContaining('App.web.tsx takes the place of App.tsx on web')]);
});

describe('a root with several trees', () => {
  const root = `export default function App() {
  if (!ready) return <Splash />;
  return <Home />;
}
`;
  const wrapped = `import { ConnectorProviders } from './connectors/providers';
function App() {
  if (!ready) return <Splash />;
  return <Home />;
}

export default function ConnectedApp() {
  return (
    <ConnectorProviders>
      <App />
    </ConnectorProviders>
  );
}
`;

  it('is rendered by a component of ours, so that the wrapper stays while the trees change', () => {
    expect(rootOf(install(withRoot(root), pay))).toBe(wrapped);
    expect(rootOf(uninstall(install(withRoot(root), pay), pay))).toBe(root);
  });

  it('counts what is no JSX in sight as a tree too', () => {
    const text = 'export default function App() {\n  if (!ready) return splash;\n  return <Home />;\n}\n';
    expect(rootOf(install(withRoot(text), pay))).toContain('      <App />\n');
    expect(rootOf(install(withRoot(text.replace('splash', 'undefined')), pay))).toContain('      <Home />\n');
  });

  it('keeps that component when people gave it something to do', () => {
    const { text } = afterRemoval('function ConnectedApp() {', 'function ConnectedApp(props) {', root);
    expect(text).toContain('export default function ConnectedApp(props) {\n  return (\n    <App />\n  );\n}');
  });

  it('keeps what people made of that component', () => {
    const { text } = afterRemoval(
      /( {4})<ConnectorProviders>\n([^]*)<\/ConnectorProviders>/,
      '    <Theme>\n      <ConnectorProviders>\n        <App />\n      </ConnectorProviders>\n    </Theme>',
      root,
    );
    expect(text).toContain(
      'export default function ConnectedApp() {\n  return (\n    <Theme>\n      <App />\n    </Theme>\n  );\n}',
    );
  });
});

describe('a root that is left to a person', () => {
  const cases: [string, string, string][] = [
    ['does not parse', 'export default function App( {', 'it does not parse'],
    ['shows nothing', 'export default function App() {\n  return null;\n}\n', 'returns nothing to wrap'],
    ['is no component', 'export default function wrap() {\n  return () => <A />;\n}\n', 'returns a function'],
    ['returns a sequence', 'export default () => (log(), <A />);\n', 'with commas'],
    ['is chosen by a condition', 'export default dev ? A : B;\n', 'is not a component that can be followed'],
    ['is exported to require()', 'module.exports = App;\n', 'module.exports'],
    [
      'has our name',
      'import { ConnectorProviders } from "./mine";\nexport default () => <ConnectorProviders />;\n',
      'already used',
    ],
    ['has no default export', 'export const App = () => <View />;\n', 'no default export'],
    ['comes from a package', "export { default } from '@acme/app';\n", 'comes from @acme/app'],
    ['is chosen by a call', 'export default choose(<A />);\n', 'no one argument of it is the component'],
    ['renders on a server', 'export default async function App() {\n  return <View />;\n}\n', 'asynchronous'],
  ];

  it.each(cases)('because it %s', (_, root, reason) => {
    const app = withRoot(root);
    const plan = planAdd(app, [pay]);
    expect(plan.status).toBe('manual');
    expect(plan.manual).toHaveLength(1);
    expect(plan.manual[0]?.file).toBe('App.tsx');
    expect(plan.manual[0]?.reason).toContain(reason);
    expect(plan.manual[0]?.snippet).toMatch(/^import { ConnectorProviders.* } from '.\/connectors\/providers';/);
    expect(plan.files.map(({ path }) => path)).not.toContain('App.tsx');
    expect(plan.files.map(({ path }) => path)).toContain('package.json');
    const installed = applyPlan(app, plan);
    expect(planAdd(installed, [pay]).files).toEqual([]);
    expect(planAdd(installed, [pay]).manual).toEqual(plan.manual);
    expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(app));
  });

  it('is complete once the person pasted the snippet, and removal takes it out', () => {
    const root = 'export default dev ? A : B;\n';
    const installed = install(withRoot(root), pay);
    expect(checkInstalled(installed, '', 'payments', '').map(({ kind }) => kind)).toEqual(['missing', 'missing']);
    const pasted = edited(installed, {
      'App.tsx': () =>
        "import { ConnectorProviders } from './connectors/providers';\n\nconst A = () => <ConnectorProviders><B /></ConnectorProviders>;\nexport default dev ? A : B;\n",
    });
    expect(checkInstalled(pasted, '', 'payments', '')).toEqual([]);
    expect(planAdd(pasted, [pay])).toMatchObject({ status: 'nothing', manual: [] });
    expect(rootOf(uninstall(pasted, pay))).toBe(`\nconst A = () => <B />;\n${root}`);
  });

  it('stays for a person when it does not parse at the removal', () => {
    const broken = edited(install(blankApp(), pay), changeRoot('return (', 'return (('));
    const plan = planRemove(broken, [pay]);
    expect(plan.status).toBe('manual');
    expect(plan.manual[0]).toMatchObject({
      file: 'App.tsx',
      snippet: expect.stringContaining('take out ConnectorProviders'),
    });
  });
});

describe('where the root is', () => {
  it('follows imports to the component', () => {
    const app = blankApp({
      'App.tsx': "import Root from './src/root';\n\nexport default Root;\n",
      'src/root.tsx': 'const Root = () => <View />;\nexport default Root;\n',
    });
    const plan = planAdd(app, [payments('src/')]);
    expect(plan.status).toBe('planned');
    expect(plan.files.map(({ path }) => path)).toContain('src/root.tsx');
    expect(plan.files.map(({ path }) => path)).not.toContain('App.tsx');
    expect(plan.files.find(({ path }) => path === 'src/root.tsx')?.text).toContain("from './connectors/providers'");
  });

  it.each([
    ['require', "const App = require('./App').default;\nrequire('expo').registerRootComponent(App);\n"],
    ['a namespace', "import * as Expo from 'expo';\nimport App from './App';\nExpo.registerRootComponent(App);\n"],
    [
      'a function with a body',
      "import App from './App';\nAppRegistry.registerComponent('a', function () {\n  return App;\n});\n",
    ],
    ['a barrel', "import { App } from './barrel';\nregisterRootComponent(App);\n"],
  ])('follows an entry with %s', (_, text) => {
    const named = edited(blankApp({ 'index.ts': text, 'barrel.ts': "export * from './App';\n" }), {
      'App.tsx': (app) => (text.includes('{ App }') ? app.replace('export default', 'export') : app),
    });
    expect(rootOf(install(named, pay))).toContain('<ConnectorProviders>');
  });

  it('says that the entry registers what cannot be followed', () => {
    const app = blankApp({ 'index.ts': 'registerRootComponent(dev ? A : B);\n' });
    expect(planAdd(app, [pay]).manual).toEqual([
      expect.objectContaining({
        file: 'index.ts',
        reason: 'what it registers is not a component that can be followed',
      }),
    ]);
  });

  it('follows a path alias of the app', () => {
    const app = blankApp({
      'index.ts':
        "import { registerRootComponent } from 'expo';\nimport { App } from '@/app';\n\nregisterRootComponent(App);\n",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./x/*"], "@/*": ["./lib/*"] } } } // mine\n',
      'lib/app.tsx': 'export function App() {\n  return <View />;\n}\n',
    });
    expect(rootOf(install(app, pay), 'lib/app.tsx')).toContain("from '../connectors/providers'");
  });

  it("is expo-router's layout", () => {
    const app = edited(
      blankApp({
        'src/app/_layout.tsx':
          "import { Stack } from 'expo-router';\n\nexport default function Layout() {\n  return <Stack />;\n}\n",
      }),
      {
        'package.json': (text) =>
          text
            .replace('"index.ts"', '"expo-router/entry"')
            .replace('"react":', '"expo-router": "~57.0.24",\n    "react":'),
      },
    );
    const text = rootOf(install(app, payments('src/')), 'src/app/_layout.tsx');
    expect(text).toContain("import { ConnectorProviders } from '../connectors/providers';");
    expect(text).toContain('      <Stack />\n    </ConnectorProviders>');
    expect(textsOf(uninstall(install(app, payments('src/')), payments('src/')))).toEqual(textsOf(app));
  });

  it('is named to a person where expo-router has no layout', () => {
    const app = edited(blankApp({ 'app/index.tsx': 'export default () => null;\n' }), {
      'package.json': (text) => text.replace('"react":', '"expo-router": "~57.0.24",\n    "react":'),
    });
    expect(planAdd(app, [pay]).manual).toEqual([
      {
        file: 'app/_layout.tsx',
        reason: 'the app has no root layout yet',
        snippet: expect.stringMatching(/Slot[^]*'\.\.\/connectors\/providers'[^]*<ConnectorProviders>\n {6}<Slot \/>/),
      },
    ]);
  });
});

describe('a root file', () => {
  const tree = 'export default function App() {\n  return <Home />;\n}\n';
  const comesBack = (text: string, file = 'App.tsx') => {
    const { 'tsconfig.json': config = '', 'App.tsx': _, ...rest } = textsOf(blankApp());
    const app = snapshotOf({ ...rest, [file]: text, ...(file.endsWith('.tsx') && { 'tsconfig.json': config }) });
    const installed = install(app, pay);
    expect(textsOf(uninstall(installed, pay))).toEqual(textsOf(app));
    return rootOf(installed, file) ?? '';
  };

  it.each(['App.tsx', 'App.js'])('keeps texts that span lines as they are in %s', (file) => {
    const text = 'export default () => (\n  <Text>{`one\n${two}\n${three}\n`}</Text>\n);\n';
    expect(comesBack(text, file)).toContain('<Text>{`one\n${two}\n${three}\n`}</Text>');
  });

  it.each([
    '// @ts-nocheck\n',
    '/* eslint-disable */\n',
    '/** @jsxImportSource @emotion/react */\n\n',
    '/** Copyright */\n\n',
    '#!/usr/bin/env node\n',
  ])('begins with %j still', (header) =>
    expect(comesBack(header + tree)).toMatch(`${header}import { ConnectorProviders }`),
  );

  it('keeps a comment with the code that it is about', () => {
    expect(comesBack(`// eslint-disable-next-line\n${tree}`)).toMatch(/^import.*\n\/\/ eslint/);
  });

  it.each([
    'export default function App() {\n  return (\n    <Home />\n  ) as React.ReactElement;\n}\n',
    'export default function App() {\n  return (a || b) && (<Home />);\n}\n',
    'export default function App() {\n  return (a) ? <Home /> : null;\n}\n',
    '@observer\nexport default class App extends Component {\n  render() {\n    if (a) return <Wait />;\n    return <Home />;\n  }\n}\n',
    "import a from 'a' /* of\n two */\nexport default () => <Home />\n",
    "import a from 'a' /* of\n two */ const c = 1\nexport default () => <Home />\n",
    "import a from 'a'; /* of\n two */ export default () => <Home />\n",
    'export default function App() {\n  const tree = <Home />;\n  return tree;\n}\n',
    'export default function App() {\n  return (\n    createElement(Home)\n  );\n}\n',
    'export default () => [<Home key="a" />, <Home key="b" />];\n',
    "import a from 'a'\nimport b from 'b'; const c = 1\nconst d = 2\nexport default () => <Home />\n",
    'export default function App() {\r\n  return (\r\n    <Home />\n  );\r\n}\r\n',
    'function $App() {\n  if (a) return <Wait />\n  return <Home />\n}\nexport default $App\n',
    'function Äpp() {\n  if (a) return <Wait />\n  return <Home />\n}\nexport default Äpp\n',
  ])('is edited and comes back: %j', (text) => expect(comesBack(text)).toContain('<ConnectorProviders>'));

  it.each([
    'export default function App({ on }) {',
    'export default function app() {',
    'export default ({ on }) => {',
    'export default memo(function () {',
    'export default @observer class App {\n  render() {',
    'const ConnectedApp = 1;\nexport default function App() {',
  ])('with several trees is wrapped in each of them where %j cannot be rendered by its name', (head) => {
    const end = head.includes('class') ? '}\n}\n' : head.includes('memo') ? '});\n' : '}\n';
    const text = `${head}\n  if (a) return <Wait />;\n  if (b) return b && c;\n  return (\n    <Home />\n  );\n${end}`;
    const edited = comesBack(text);
    expect(edited).toContain('  if (a) return <ConnectorProviders><Wait /></ConnectorProviders>;\n');
    expect(edited).toContain('  if (b) return <ConnectorProviders>{b && c}</ConnectorProviders>;\n');
    expect(edited).toContain('  return (\n    <ConnectorProviders>\n      <Home />\n    </ConnectorProviders>\n  );\n');
  });
});
