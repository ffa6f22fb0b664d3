const tsconfig = (paths: string) =>
  `${JSON.stringify(
    {
      compilerOptions: {
        target: 'ES2017',
        lib: ['dom', 'dom.iterable', 'esnext'],
        allowJs: true,
        skipLibCheck: true,
        strict: true,
        noEmit: true,
        esModuleInterop: true,
        module: 'esnext',
        moduleResolution: 'bundler',
        resolveJsonModule: true,
        isolatedModules: true,
        jsx: 'react-jsx',
        incremental: true,
        plugins: [{ name: 'next' }],
        paths: { '@/*': [paths] },
      },
      include: ['next-env.d.ts', '**/*.ts', '**/*.tsx', '.next/types/**/*.ts'],
      exclude: ['node_modules'],
    },
    null,
    2,
  )}\n`;

const types = {
  '@types/node': '24.19.2',
  '@types/react': '19.2.2',
  '@types/react-dom': '19.2.3',
  typescript: '5.9.3',
};

function packageJson(next: string, devDependencies: Record<string, string> | undefined): string {
  const dependencies = { next, react: '19.2.3', 'react-dom': '19.2.3' };
  return `${JSON.stringify({ name: 'site', version: '0.1.0', private: true, dependencies, devDependencies }, null, 2)}\n`;
}

const ignored = '/node_modules\n/.next/\n/out/\n.env*\n*.tsbuildinfo\nnext-env.d.ts\n';
const page = (body: string) => `export default function Home() {\n  return <main>${body}</main>;\n}\n`;
/** The app router in TypeScript below `src`, with one of Google's fonts and props whose type Next.js writes; `version` is that of Next.js. */
export function appRouter(version: string): Record<string, string> {
  return {
    'package.json': packageJson(version, types),
    'tsconfig.json': tsconfig('./src/*'),
    '.gitignore': ignored,
    'src/app/globals.css': 'body {\n  margin: 0;\n}\n',
    'src/app/layout.tsx': `import type { Metadata } from "next";
import { Inter } from "next/font/google";
import "./globals.css";

const inter = Inter({ subsets: ["latin"], variable: "--font-inter" });

export const metadata: Metadata = { title: "Site", description: "What it sells" };

export default function RootLayout({ children }: LayoutProps<"/">) {
  return (
    <html lang="en" className={inter.variable}>
      <body>{children}</body>
    </html>
  );
}
`,
    'src/app/page.tsx': page('Hello'),
  };
}

/** The pages router in TypeScript, with an API route of its own. */
export const pagesRouter: Record<string, string> = {
  'package.json': packageJson('16.4.6', types),
  'tsconfig.json': tsconfig('./*'),
  '.gitignore': ignored,
  'styles/globals.css': 'body {\n  margin: 0;\n}\n',
  'pages/_app.tsx': `import "@/styles/globals.css";
import type { AppProps } from "next/app";

export default function App({ Component, pageProps }: AppProps) {
  return <Component {...pageProps} />;
}
`,
  'pages/index.tsx': page('Hello'),
  'pages/api/hello.ts': `import type { NextApiRequest, NextApiResponse } from "next";

export default function handler(_request: NextApiRequest, response: NextApiResponse) {
  response.status(200).json({ name: "Ada" });
}
`,
};

/** The app router in JavaScript, without a font. */
export const appRouterInJavaScript: Record<string, string> = {
  'package.json': packageJson('16.4.6', undefined),
  'jsconfig.json': '{\n  "compilerOptions": {\n    "paths": {\n      "@/*": ["./*"]\n    }\n  }\n}\n',
  '.gitignore': ignored,
  'app/layout.js': `export const metadata = { title: "Site" };

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`,
  'app/page.js': page('Hello'),
};

/** The pages router in JavaScript, without an `_app`. */
export const pagesRouterInJavaScript: Record<string, string> = {
  'package.json': packageJson('16.4.6', undefined),
  '.gitignore': ignored,
  'pages/index.js': page('Hello'),
};
