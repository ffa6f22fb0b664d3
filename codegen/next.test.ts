import { describe, expect, it } from 'vitest';
import type { Snapshot, WantedConnector } from '../contract/codegen.ts';
import { edited, install, planAdd, planRemove, snapshotOf, textsOf, uninstall } from '../test/harness/apps.ts';
import { accounts, nextApp, visits } from '../test/harness/made-up-next.ts';
import { applyPlan } from './apply.ts';
import { checkInstalled } from './check-installed.ts';
import { checkPlan } from './check-plan.ts';
import { readProject } from './read-project.ts';

const account = accounts('');
const visit = visits('');

const layout = (body: string) => `import type { Metadata } from "next";
import { Geist } from "next/font/google";
import "./globals.css";

const geist = Geist({ subsets: ["latin"] });

export const metadata: Metadata = { title: "Site" };

export default function RootLayout({ children }: LayoutProps<"/">) {
  return (
    <html lang="en" className={geist.className}>
${body}
    </html>
  );
}
`;

/** Root layouts that are edited: the text of the file, and a line that the edit must give. */
const layouts: Record<string, { text: string; gives: string }> = {
  'one line': {
    text: layout('      <body>{children}</body>'),
    gives: '      <body>\n        <ConnectorProviders>{children}</ConnectorProviders>\n      </body>\n',
  },
  'lines of its own': {
    text: layout('      <body\n        className="dark"\n      >\n        {children}\n      </body>'),
    gives: '        <ConnectorProviders>\n          {children}\n        </ConnectorProviders>\n      </body>\n',
  },
  'a header and a footer': {
    text: layout(
      '      <body>\n        <Header />\n        <main>{children}</main>\n        {/* the end */}\n      </body>',
    ),
    gives: '          {/* the end */}\n        </ConnectorProviders>\n',
  },
  'providers of its own': {
    text: layout(
      '      <body>\n        <Theme attribute="class">\n          {children}\n        </Theme>\n      </body>',
    ),
    gives: '        <ConnectorProviders>\n          <Theme attribute="class">\n            {children}\n',
  },
  'text at the edge': {
    text: layout('      <body>\n        Hello {children}\n      </body>'),
    gives: '        <ConnectorProviders>Hello {children}</ConnectorProviders>\n',
  },
  'content that begins in the line of its tag': {
    text: layout('      <body>{children}\n        <Footer />\n      </body>'),
    gives: '<body><ConnectorProviders>{children}\n        <Footer /></ConnectorProviders>\n',
  },
  'an asynchronous component with await': {
    text: `import { cookies } from 'next/headers'

export default async function RootLayout({ children }) {
  const theme = (await cookies()).get('theme')?.value
  return <html data-theme={theme}><body>{children}</body></html>
}
`,
    gives: '<body><ConnectorProviders>{children}</ConnectorProviders></body></html>\n',
  },
  'props that are not taken apart': {
    text: `export default function RootLayout(props) {\r\n\treturn (\r\n\t\t<html>\r\n\t\t\t<body>\r\n\t\t\t\t{props.children}\r\n\t\t\t</body>\r\n\t\t</html>\r\n\t);\r\n}\r\n`,
    gives: '\t\t\t\t<ConnectorProviders>\r\n\t\t\t\t\t{props.children}\r\n',
  },
  'an early return': {
    text: layout('      <body>{children}</body>').replace(
      '  return (',
      '  if (process.env.CLOSED) return null;\n  return (',
    ),
    gives: '<body>\n        <ConnectorProviders>{children}</ConnectorProviders>\n      </body>',
  },
  'a page of its own while it is closed': {
    text: layout('      <body>{children}</body>').replace(
      '  return (',
      '  if (process.env.CLOSED) return <html><body>Closed</body></html>;\n  return (',
    ),
    gives: '<body>\n        <ConnectorProviders>{children}</ConnectorProviders>\n      </body>',
  },
  'a component of its own for the document': {
    text: `function Document({ children }) {\n  return <html><body>{children}</body></html>;\n}\n\nexport default function Root({ children }) {\n  return <Document>{children}</Document>;\n}\n`,
    gives: '<body><ConnectorProviders>{children}</ConnectorProviders></body>',
  },
};

/** The same with a route of its own. */
const answering = (path: string): WantedConnector => {
  const route = { path, text: 'export const runtime = "nodejs";\n', purpose: 'the route' };
  return { ...account, contribution: { ...account.contribution, files: [...account.contribution.files, route] } };
};

const page = 'export default function Page() {\n  return <p>Hello</p>;\n}\n';
const app = (text: string) => nextApp({ 'app/layout.tsx': text, 'app/page.tsx': page });

const appOf = (signature: string, body: string) =>
  `import "@/styles/globals.css";\nimport type { AppProps } from "next/app";\n\nexport default ${signature} {\n${body}}\n`;
const pagesApps: Record<string, { files: Record<string, string>; gives: string }> = {
  'the template': {
    files: {
      'pages/_app.tsx': appOf(
        'function App({ Component, pageProps }: AppProps)',
        '  return <Component {...pageProps} />;\n',
      ),
    },
    gives: '    <ConnectorProviders>\n      <Component {...pageProps} />\n',
  },
  'a class': {
    files: {
      'pages/_app.jsx':
        "import App from 'next/app'\n\nexport default class MyApp extends App {\n  render() {\n    const { Component, pageProps } = this.props\n    return <Component {...pageProps} />\n  }\n}\n",
    },
    gives: '<Component {...pageProps} />',
  },
  'a wrapping call': {
    files: {
      'pages/_app.tsx':
        "import { appWithTranslation } from 'next-i18next';\n\nconst App = ({ Component, pageProps }) => (\n  <Layout>\n    <Component {...pageProps} />\n  </Layout>\n);\n\nexport default appWithTranslation(App);\n",
    },
    gives: '  <ConnectorProviders>\n    <Layout>\n',
  },
  'a layout of the page': {
    files: {
      'pages/_app.tsx': appOf(
        'function App({ Component, pageProps }: AppProps)',
        '  const getLayout = Component.getLayout ?? ((page) => page);\n  return getLayout(<Component {...pageProps} />);\n',
      ),
    },
    gives: '      {getLayout(<Component {...pageProps} />)}\n',
  },
  'several trees and props': {
    files: {
      'src/pages/_app.js':
        'function App({ Component, pageProps }) {\n  if (Component.bare) return <Component {...pageProps} />\n\n  return (\n    <Layout>\n      <Component {...pageProps} />\n    </Layout>\n  )\n}\n\nApp.getInitialProps = load\n\nexport default wrap(App)\n',
    },
    gives: '  if (Component.bare) return <ConnectorProviders><Component {...pageProps} /></ConnectorProviders>\n',
  },
  'a folder for its file': {
    files: { 'pages/_app/index.tsx': 'export default ({ Component, pageProps }) => <Component {...pageProps} />;\n' },
    gives: '<ConnectorProviders>',
  },
  'endings of its own': {
    files: {
      'pages/_app.page.tsx': appOf(
        'function App({ Component, pageProps }: AppProps)',
        '  return <Component {...pageProps} />;\n',
      ),
      'pages/button.tsx': 'export const Button = () => <b />;\n',
      'next.config.js':
        "const nextConfig = { pageExtensions: ['page.tsx', 'page.ts'] };\nmodule.exports = nextConfig;\n",
    },
    gives: '    <ConnectorProviders>\n      <Component {...pageProps} />\n',
  },
};

/** Root layouts that have their document from elsewhere in the app. */
const documents: Record<string, { files: Record<string, string>; file: string }> = {
  'is passed on': {
    files: { 'app/layout.tsx': "export { default, metadata } from '@/shell/layout';\n" },
    file: 'shell/layout.tsx',
  },
  'renders a component': {
    files: {
      'app/layout.tsx': 'export default ({ children }) => children;\n',
      'app/[locale]/layout.tsx':
        "import Shell from '../../shell';\n\nexport default ({ children }) => <Shell>{children}</Shell>;\n",
      'shell/index.ts': "export { default } from './layout';\n",
    },
    file: 'shell/layout.tsx',
  },
  'is found by a base folder': {
    files: {
      'app/layout.tsx': "export { default } from 'layout';\n",
      'tsconfig.json': '{ "compilerOptions": { "baseUrl": "./shell" } }\n',
    },
    file: 'shell/layout.tsx',
  },
  'has an ending of its own': {
    files: {
      'app/layout.page.tsx': "import '../shell/layout';\nexport { default } from '../shell/layout';\n",
      'next.config.ts': "export default { pageExtensions: ['page.tsx'] } as NextConfig;\n",
    },
    file: 'shell/layout.tsx',
  },
};

describe.each(Object.entries(layouts))('a root layout with %s', (_, { text, gives }) => {
  const before = app(text);

  it('is wrapped inside its body, and once', () => {
    const after = install(before, account);
    expect(textsOf(after)['app/layout.tsx']).toContain(gives);
    expect(planAdd(after, [account]).files).toEqual([]);
    expect(checkInstalled(after, '', 'accounts', '')).toEqual([]);
  });

  it('comes back byte for byte', () => {
    expect(textsOf(uninstall(install(before, account), account))).toEqual(textsOf(before));
    const change = { 'app/layout.tsx': (now: string) => now.replace('<html', '<html data-more') };
    expect(textsOf(uninstall(edited(install(before, account), change), account))).toEqual(
      textsOf(edited(before, change)),
    );
  });
});

describe('a body of one line that people changed since', () => {
  const before = app(layout('      <body>{children}</body>'));
  const removed = (change: (text: string) => string) =>
    textsOf(uninstall(edited(install(before, account), { 'app/layout.tsx': change }), account))['app/layout.tsx'];

  it.each([
    [
      'more inside the wrapper',
      '>{children}<',
      '>\n          {children}\n          <Footer />\n        <',
      '<body>\n        {children}\n        <Footer />\n      </body>',
    ],
    [
      'more beside it',
      '</ConnectorProviders>\n',
      '</ConnectorProviders>\n        <Footer />\n',
      '<body>\n        {children}\n        <Footer />',
    ],
    ['attributes', '<body>', '<body className="dark">', '<body className="dark">{children}</body>'],
  ])('keeps %s', (_, from, to, gives) => {
    expect(removed((text) => text.replace(from, to))).toContain(gives);
  });
});

describe.each(Object.entries(pagesApps))('the pages router with %s', (_, { files, gives }) => {
  const before = nextApp(files);
  const [file = ''] = Object.keys(files);

  it('is wrapped, once, and comes back byte for byte', () => {
    const dir = file.startsWith('src/') ? 'src/' : '';
    const after = install(before, accounts(dir));
    expect(textsOf(after)[file]).toContain(gives);
    expect(planAdd(after, [accounts(dir)]).files).toEqual([]);
    expect(checkInstalled(after, '', 'accounts', '')).toEqual([]);
    expect(textsOf(uninstall(after, accounts(dir)))).toEqual(textsOf(before));
  });
});

describe.each(Object.entries(documents))('a root layout that %s', (_, { files, file }) => {
  const before = nextApp({
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n',
    'shell/layout.tsx': layout('      <body>{children}</body>'),
    ...files,
  });

  it('is wrapped where its body is, once, and comes back byte for byte', () => {
    const after = install(before, account);
    expect(textsOf(after)[file]).toMatch(/<body>\s*<ConnectorProviders>{children}<\/ConnectorProviders>\s*<\/body>/);
    expect(planAdd(after, [account])).toMatchObject({ files: [], manual: [] });
    expect(checkInstalled(after, '', 'accounts', '')).toEqual([]);
    expect(textsOf(uninstall(after, account))).toEqual(textsOf(before));
  });
});

describe('an app of Next.js', () => {
  const pages = nextApp({ 'pages/index.tsx': page });

  it('gets an _app where the pages router has none, which goes again', () => {
    const after = install(pages, account, visit);
    expect(textsOf(after)['pages/_app.tsx']).toContain('<Component {...pageProps} />');
    expect(checkInstalled(after, '', 'visits', '')).toEqual([]);
    expect(textsOf(uninstall(after, account))).toEqual(textsOf(install(pages, visit)));
    expect(textsOf(uninstall(uninstall(after, account), visit))).toEqual(textsOf(pages));
    const formatted = edited(after, { 'pages/_app.tsx': (text) => text.replaceAll("'", '"') });
    expect(textsOf(uninstall(formatted, account, visit))).toEqual(textsOf(pages));
  });

  it('keeps what people made of that _app', () => {
    const mine = { 'pages/_app.tsx': (text: string) => `import '../styles.css';\n${text}` };
    const removed = textsOf(uninstall(edited(install(pages, account), mine), account));
    expect(removed['pages/_app.tsx']).toContain("import '../styles.css';");
    expect(removed['pages/_app.tsx']).not.toContain('ConnectorProviders');
  });

  it('is found in any folder, with the order of connectors left open', () => {
    const before = snapshotOf(
      Object.fromEntries(
        Object.entries(textsOf(app(layouts['one line']?.text ?? ''))).map(([path, text]) => [
          `apps/site/${path.replace(/^app\//, 'src/app/')}`,
          text,
        ]),
      ),
    );
    const facts = readProject(before, 'apps/site');
    expect(facts).toMatchObject({ router: 'next-app', routesDir: 'src/app', sourceDir: 'src', serverRoutes: true });
    const add = [accounts('src/'), visits('src/')];
    const plan = planAdd(before, add, 'apps/site');
    checkPlan({
      snapshot: before,
      appDir: 'apps/site',
      facts,
      plan,
      input: { snapshot: before, appDir: 'apps/site', facts, add, remove: [] },
    });
    const after = applyPlan(before, plan);
    const oneByOne = add
      .toReversed()
      .reduce<Snapshot>((snapshot, wanted) => applyPlan(snapshot, planAdd(snapshot, [wanted], 'apps/site')), before);
    expect(textsOf(oneByOne)).toEqual(textsOf(after));
    expect(textsOf(applyPlan(after, planRemove(after, add, 'apps/site')))).toEqual(textsOf(before));
  });

  it('has its <body> in the one layout that brings it, wherever that is', () => {
    const localized = nextApp({
      'app/layout.tsx': 'export default function Root({ children }) {\n  return children;\n}\n',
      'app/[locale]/layout.tsx': layouts['one line']?.text ?? '',
      'app/[locale]/page.tsx': page,
    });
    expect(textsOf(install(localized, account))['app/[locale]/layout.tsx']).toContain('<ConnectorProviders>');
    const named = edited(localized, { 'app/layout.tsx': (text) => `// <body> is below [locale]\n${text}` });
    expect(textsOf(install(named, account))['app/[locale]/layout.tsx']).toContain('<ConnectorProviders>');
  });

  it.each([
    ['without a root layout', { 'app/page.tsx': page }, 'app/layout.tsx', /no root layout/],
    [
      'with several root layouts',
      {
        'app/(shop)/layout.tsx': layouts['one line']?.text ?? '',
        'app/(site)/layout.tsx': layouts['one line']?.text ?? '',
      },
      'app/(shop)/layout.tsx',
      /several root layouts.*app\/\(shop\)\/layout\.tsx, app\/\(site\)\/layout\.tsx/,
    ],
    [
      'whose document is elsewhere',
      { 'app/layout.tsx': "export { Document as default } from '../document';\n" },
      'app/layout.tsx',
      /no <body>/,
    ],
    [
      'whose layout does not parse',
      { 'app/layout.tsx': 'export default () => <html><body>{children}</html>' },
      'app/layout.tsx',
      /does not parse/,
    ],
    [
      'whose body shows something else',
      { 'app/layout.tsx': 'export default () => <html><body><Closed /></body></html>;\n' },
      'app/layout.tsx',
      /does not show the children/,
    ],
    [
      'with a body for each case',
      {
        'app/layout.tsx':
          'export default ({ children }) => children ? <html><body>{children}</body></html> : <html><body>{children}</body></html>;\n',
      },
      'app/layout.tsx',
      /several <body>/,
    ],
  ])('%s is left to a person', (_, files, file, reason) => {
    const before = nextApp(files);
    const plan = planAdd(before, [account]);
    expect(plan.manual).toMatchObject([
      { file, reason: expect.stringMatching(reason), snippet: expect.stringContaining('connectors/providers') },
    ]);
    expect(textsOf(uninstall(applyPlan(before, plan), account))).toEqual(textsOf(before));
  });

  it('asks for each of several root layouts until all are wrapped', () => {
    const wrapped = (text: string) =>
      text
        .replace('\n\n', "\nimport { ConnectorProviders } from '../../connectors/providers';\n\n")
        .replace('{children}<', '<ConnectorProviders>{children}</ConnectorProviders><');
    const one = layouts['one line']?.text ?? '';
    const asked = install(nextApp({ 'app/(a)/layout.tsx': one, 'app/(b)/layout.tsx': one }), account);
    const half = edited(asked, { 'app/(a)/layout.tsx': wrapped });
    expect(planAdd(half, [account]).manual).toMatchObject([{ file: 'app/(b)/layout.tsx' }]);
    const whole = edited(half, { 'app/(b)/layout.tsx': wrapped });
    expect(planAdd(whole, [account]).manual).toEqual([]);
    expect(checkInstalled(whole, '', 'accounts', '')).toEqual([]);
    expect(textsOf(uninstall(whole, account))['app/(b)/layout.tsx']).not.toContain('ConnectorProviders');
  });

  it('says so when pages beside its app router stay outside', () => {
    const both = nextApp({ 'app/layout.tsx': layouts['one line']?.text ?? '', 'pages/old.tsx': page });
    expect(planAdd(both, [account]).notes).toEqual([expect.stringMatching(/pages\/_app in <ConnectorProviders>/)]);
    const onlyApi = nextApp({ 'app/layout.tsx': layouts['one line']?.text ?? '', 'pages/api/old.ts': page });
    expect(planAdd(onlyApi, [account]).notes).toEqual([]);
  });

  it('is left to a person where its _app is written in MDX', () => {
    const before = nextApp({ 'pages/_app.mdx': 'export default App;\n', 'pages/index.mdx': '# Hello\n' });
    expect(planAdd(before, [account]).manual).toMatchObject([
      { file: 'pages/_app.mdx', reason: expect.stringContaining('not written in JavaScript or TypeScript') },
    ]);
  });

  it('gets its _app and its routes by the endings that it has for them', () => {
    const config = (endings: string) => ({ 'next.config.mjs': `export default { pageExtensions: [${endings}] };\n` });
    const files = { 'pages/index.page.tsx': page, 'pages/button.tsx': 'export const Button = () => <b />;\n' };
    const before = nextApp({ ...files, ...config("'page.tsx', 'api.ts'") });
    const asking = answering('pages/api/accounts/session.ts');
    const after = install(before, asking);
    expect(Object.keys(textsOf(after))).toEqual(
      expect.arrayContaining(['pages/_app.page.tsx', 'pages/api/accounts/session.api.ts']),
    );
    expect(planAdd(after, [asking]).files).toEqual([]);
    expect(checkInstalled(after, '', 'accounts', '')).toEqual([]);
    expect(textsOf(uninstall(after, asking))).toEqual(textsOf(before));
    const without = nextApp({ ...files, ...config("'page.tsx'") });
    expect(planAdd(without, [asking]).manual).toMatchObject([
      { file: 'pages/api/accounts/session.ts', snippet: "pageExtensions: ['page.tsx', 'ts']," },
    ]);
  });

  it.each([
    ['app/api/accounts/session/route.ts', 'app/api/accounts/session/route.js'],
    ['app/api/accounts/session/route.ts', 'app/(site)/api/accounts/session/route.ts'],
    ['app/api/accounts/session/route.ts', 'pages/api/accounts/session.ts'],
    ['pages/api/accounts/session.ts', 'pages/api/accounts/session/index.js'],
  ])('refuses the route %s that %s answers', (route, taken) => {
    const isApp = route.startsWith('app/');
    const root = { [isApp ? 'app/layout.tsx' : 'pages/index.tsx']: isApp ? (layouts['one line']?.text ?? '') : page };
    const before = nextApp({ ...root, [taken]: 'export default 1;\n' });
    expect(() => planAdd(before, [answering(route)])).toThrow(`${taken} answers the route that ${route} is for`);
    const after = install(nextApp(root), answering(route));
    expect(planAdd(edited(after, { [taken]: () => 'export default 1;\n' }), [answering(route)]).files).toEqual([]);
  });

  it.each([
    ["/** @type {import('next').NextConfig} */\nexport default { output: 'export' };\n", false],
    ["module.exports = withPlugin(withOther({ 'output': `export` }));\n", false],
    ["export default async (phase) => ({ output: process.env.APP ? ('export' as const) : undefined });\n", false],
    ["const output = 'export';\nexport default { output } satisfies NextConfig;\n", false],
    ["const config: NextConfig = {};\nif (process.env.APP) config.output = 'export';\nexport default config;\n", false],
    ["const config = { output: 'standalone' };\nexport default config;\n", true],
    ['export default {\n  // output: "export",\n};\n', true],
    ['export default { output: process.env.OUTPUT };\n', true],
    ['export default {{{\n', true],
  ])('has a server or not by %j', (config, server) => {
    const facts = readProject(nextApp({ 'next.config.mts': config, 'app/page.tsx': page }), '');
    expect(facts.serverRoutes).toBe(server);
    const overruled = nextApp({ 'next.config.mts': config, 'next.config.js': 'module.exports = {};\n' });
    expect(readProject(overruled, '').serverRoutes).toBe(true);
  });

  it.each([
    ["export default { basePath: '/shop' };\n", '/shop'],
    ["const basePath = '/eu/shop';\nmodule.exports = withPlugin({ basePath });\n", '/eu/shop'],
    ["export default { basePath: '' };\n", undefined],
    ["export default { basePath: process.env.APP ? '/a' : '/b' };\n", undefined],
    ['export default { basePath: process.env.BASE_PATH };\n', undefined],
    ["export default { basePath: '/it\\'s' };\n", undefined],
  ])('is served below a path by %j', (config, basePath) => {
    const facts = readProject(nextApp({ 'next.config.ts': config, 'app/page.tsx': page }), '');
    expect(facts.basePath).toBe(basePath);
  });
});
