import fc from 'fast-check';
import type { RootShape } from './generated-roots.ts';

/** How a generated root layout or `_app` of Next.js is written. */
export interface NextRootShape extends Pick<RootShape, 'indent' | 'eol' | 'quote' | 'end' | 'mark' | 'imports'> {
  /** All in one line, as a minifier leaves it. */
  oneLine: boolean;
  finalNewline: boolean;
  layout: (typeof layoutForms)[number];
  body: keyof typeof bodies;
  app: (typeof appForms)[number];
  returns: keyof typeof returns;
}

const layoutForms = [
  'declaration',
  'asynchronous',
  'props',
  'arrow',
  'anonymous',
  'class',
  'wrapped',
  'list',
  'client',
  'closed page',
] as const;

/** What a layout has in `<html>`; a level of indentation is `~`. */
const bodies = {
  'one line': ['<body className="a">{children}</body>'],
  'lines of its own': ['<body', '~className={`${sans.variable} antialiased`}', '>', '~{children}', '</body>'],
  'providers beside more': [
    '<head />',
    '<body suppressHydrationWarning>',
    '~<Theme attribute="class">',
    '~~<Text>Hello</Text>',
    '~~<main>{children}</main>',
    '~</Theme>',
    '~{/* more */}',
    '~<Toaster />',
    '</body>',
  ],
  conditions: ['<body>', '~{draft && <Bar />}', '~{ready ? children : <Wait />}', '~{modal}', '</body>'],
  fragment: ['<body>', '', '~<>', '~~{children}', '~</>', '', '</body>'],
  'texts at the edges': ['<body>', '~Hello', '~{children} and', '~good bye', '</body>'],
  'space at the edges': ['<body> {children} <Footer /> </body>'],
  'content in the line of its tag': ['<body><Theme>', '~{children}', '</Theme></body>'],
} as const;

const appForms = [
  'declaration',
  'named function',
  'arrow',
  'anonymous',
  'class',
  'wrapped',
  'wrapped twice',
  'wrapped in place',
  'static member',
] as const;

/** What an `_app` returns. */
const returns = {
  'one line': ['return <Component {...pageProps} />;'],
  providers: [
    'return (',
    '~<Session session={pageProps.session}>',
    '~~<Text>Hello</Text>',
    '~~<Component {...pageProps} />',
    '~</Session>',
    ');',
  ],
  fragment: ['return (', '~<>', '~~<Component {...pageProps} />', '~~<Toaster />', '~</>', ');'],
  'layout of the page': [
    'const getLayout = Component.getLayout ?? ((page) => page);',
    'return getLayout(<Component {...pageProps} />);',
  ],
  'layout of the page over lines': ['return Component.getLayout(', '~<Component {...pageProps} />,', ');'],
  'one tree and another': [
    'if (Component.bare) {',
    '~return <Component {...pageProps} />;',
    '}',
    'return (',
    '~<Layout>',
    '~~<Component {...pageProps} />',
    '~</Layout>',
    ');',
  ],
  'nothing at first': ['if (!ready) return null;', 'return <Component {...pageProps} />;'],
  ternary: ['return ready ? <Component {...pageProps} /> : <Wait />;'],
  'by the route': [
    'switch (pageProps.kind) {',
    '~case 1:',
    '~~return Component.getLayout(<Component {...pageProps} />);',
    '~default:',
    '~~return (',
    '~~~<Component {...pageProps} />',
    '~~);',
    '}',
  ],
} as const;

function nameIn<Choices extends object>(choices: Choices): fc.Arbitrary<keyof Choices & string> {
  return fc.constantFrom(...(Object.keys(choices) as (keyof Choices & string)[]));
}

/** Root layouts and `_app`s as people have them. */
export const nextRootShape: fc.Arbitrary<NextRootShape> = fc.record({
  indent: fc.constantFrom('  ', '    ', '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  quote: fc.constantFrom("'", '"'),
  end: fc.constantFrom(';', ''),
  mark: fc.boolean(),
  imports: fc.constantFrom(0, 1, 3),
  oneLine: fc.boolean(),
  finalNewline: fc.boolean(),
  layout: fc.constantFrom(...layoutForms),
  body: nameIn(bodies),
  app: fc.constantFrom(...appForms),
  returns: nameIn(returns),
});

/** The text of a root layout, or of an `_app`, of this shape. */
export function printNextRoot(shape: NextRootShape, kind: 'layout' | 'app'): string {
  const end = shape.oneLine ? ';' : shape.end;
  const lines = [
    ...(kind === 'layout' && shape.layout === 'client' ? ["'use client';", ''] : []),
    ...imports(shape),
    '',
    ...(kind === 'layout' ? layout(shape) : app(shape)),
    '',
    "const styles = { color: '#fff' };",
  ].map((line) => line.replace(/;$/, end).replaceAll(/'([^']*)'/g, `${shape.quote}$1${shape.quote}`));
  const text = shape.oneLine
    ? lines.map((line) => line.replaceAll('~', '')).join(' ')
    : lines.map((line) => line.replaceAll('~', shape.indent)).join(shape.eol);
  return (shape.mark ? '\uFEFF' : '') + text + (shape.finalNewline ? shape.eol : '');
}

function imports({ imports: count }: NextRootShape): string[] {
  return ["import './globals.css';", "import { memo } from 'react';", "import * as fonts from 'next/font';"].slice(
    0,
    count,
  );
}

function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => (line === '' ? '' : by + line));
}

function layout({ layout: form, body }: NextRootShape): string[] {
  const html = ['<html lang="en">', ...indented(bodies[body], '~'), '</html>'];
  const block = (by = '~') => [`${by}return (`, ...indented(html, `${by}~`), `${by});`];
  switch (form) {
    case 'declaration':
    case 'client':
      return ['export default function Layout({ children, modal }) {', ...block(), '}'];
    case 'asynchronous':
      return [
        'export default async function Layout({ children, modal, params }) {',
        '~const { locale } = await params;',
        ...block(),
        '}',
      ];
    case 'props':
      return [
        'export default function Layout(props) {',
        ...block().map((line) => line.replace(/(?<=[{ ])children/, 'props.children')),
        '}',
      ];
    case 'arrow':
      return ['const Layout = ({ children, modal }) => (', ...indented(html, '~'), ');', '', 'export default Layout;'];
    case 'anonymous':
      return ['export default ({ children, modal }) => (', ...indented(html, '~'), ');'];
    case 'class':
      return [
        'export default class Layout extends Base {',
        '~render() {',
        '~~const { children, modal } = this.props;',
        ...block('~~'),
        '~}',
        '}',
      ];
    case 'wrapped':
      return [
        'async function Layout({ children, modal }) {',
        ...block(),
        '}',
        '',
        'export default withTheme(Layout, { on: true });',
      ];
    case 'list':
      return ['function Layout({ children, modal }) {', ...block(), '}', '', 'export { Layout as default };'];
    case 'closed page':
      return [
        'export default function Layout({ children, modal }) {',
        '~if (closed) return <html><body>Closed</body></html>;',
        ...block(),
        '}',
      ];
  }
}

function app({ app: form, returns: kind }: NextRootShape): string[] {
  const body = (by = '~') => indented(returns[kind], by);
  const open = 'function MyApp({ Component, pageProps }) {';
  switch (form) {
    case 'declaration':
      return [`export default ${open}`, ...body(), '}'];
    case 'named function':
      return [open, ...body(), '}', '', 'export default MyApp;'];
    case 'arrow':
      return [
        'const MyApp = ({ Component, pageProps: { session, ...pageProps } }) => {',
        ...body(),
        '};',
        'export default MyApp;',
      ];
    case 'anonymous':
      return ['export default (props) => {', '~const { Component, pageProps } = props;', ...body(), '};'];
    case 'class':
      return [
        'class MyApp extends App {',
        '~static getInitialProps = load;',
        '',
        '~render() {',
        '~~const { Component, pageProps } = this.props;',
        ...body('~~'),
        '~}',
        '}',
        '',
        'export default MyApp;',
      ];
    case 'wrapped':
      return [open, ...body(), '}', '', 'export default appWithTranslation(MyApp);'];
    case 'wrapped twice':
      return [open, ...body(), '}', '', 'export default withTRPC({ ssr: false })(wrapper.withRedux(MyApp));'];
    case 'wrapped in place':
      return [`export default memo(${open}`, ...body(), '});'];
    case 'static member':
      return [open, ...body(), '}', '', 'MyApp.getInitialProps = load;', '', 'export default MyApp;'];
  }
}
