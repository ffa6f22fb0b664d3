import fc from 'fast-check';
import type { Snapshot } from '../../contract/codegen.ts';
import { snapshotOf, textsOf } from './apps.ts';
import { type NextRootShape, printNextRoot } from './generated-next-roots.ts';
import { nextApp } from './made-up-next.ts';

/** Root files, and what an app has beside each of them. */
const places = {
  'app/layout.tsx': {},
  'app/layout.js': {},
  'src/app/layout.tsx': { 'src/pages/api/old.ts': 'export default answer;\n' },
  'app/[locale]/layout.tsx': {
    'app/layout.tsx': '// The <body> is below.\nexport default ({ children }) => children;\n',
  },
  'app/(site)/layout.jsx': { 'app/(admin)/layout.js': "export { Layout as default } from '@acme/admin';\n" },
  'shell/document.tsx': { 'app/layout.tsx': "export { default, metadata } from '@/shell/document';\n" },
  'app/layout.page.tsx': { 'next.config.js': "module.exports = { pageExtensions: ['page.tsx', 'page.ts'] };\n" },
  'pages/_app.tsx': { 'pages/_document.tsx': 'export { Document as default };\n' },
  'src/pages/_app.jsx': {},
  'pages/_app/index.tsx': {},
  'pages/_app.page.tsx': { 'next.config.mjs': "export default { pageExtensions: ['page.tsx', 'api.ts'] };\n" },
} as const satisfies Record<string, Record<string, string>>;

const configs = {
  none: undefined,
  typed: 'const config: NextConfig = { reactStrictMode: true };\nexport default config;\n',
  exported: "export default withPlugin({ output: process.env.APP ? 'export' : undefined });\n",
};

/** Where an app of Next.js has its root, and what is around it. */
export const nextForm = fc.record({
  root: fc.constantFrom(...(Object.keys(places) as (keyof typeof places)[])),
  appDir: fc.constantFrom('', '', 'apps/web'),
  next: fc.constantFrom('15.5.0', '^16.0.0'),
  config: fc.constantFrom(...(Object.keys(configs) as (keyof typeof configs)[])),
});
type NextForm = typeof nextForm extends fc.Arbitrary<infer Value> ? Value : never;

/** The app of this form; `written` are files that apps of every framework have in many ways. */
export function printNextApp(
  app: NextForm,
  shape: NextRootShape,
  written: {
    manifest: (text: string) => string | undefined;
    files: Readonly<Record<string, string | undefined>>;
  },
): Snapshot {
  const { 'package.json': manifest = '', 'tsconfig.json': _, ...rest } = textsOf(nextApp({}));
  const language = app.root.endsWith('.tsx') ? 'ts' : 'js';
  const kind = app.root.includes('_app') ? 'app' : 'layout';
  const texts: Record<string, string | undefined> = {
    ...rest,
    'package.json': written.manifest(manifest.replace('16.4.6', app.next)),
    [language === 'ts' ? 'tsconfig.json' : 'jsconfig.json']: '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }\n',
    'next.config.ts': configs[app.config],
    [app.root]: printNextRoot(shape, kind),
    ...places[app.root],
    ...written.files,
  };
  const folder = app.appDir === '' ? '' : `${app.appDir}/`;
  const workspace = folder === '' ? {} : { 'package.json': '{ "private": true, "workspaces": ["apps/*"] }\n' };
  const files = Object.entries(texts).flatMap(([path, text]) => (text === undefined ? [] : [[folder + path, text]]));
  return snapshotOf({ ...workspace, ...Object.fromEntries(files) });
}
