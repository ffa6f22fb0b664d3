import type { AppFacts } from '../contract/connector.ts';
import { providersComponent } from './providers-file.ts';
import { relativeSpecifier } from './specifiers.ts';
import { stripTypes } from './strip-types.ts';

/** The root file of an app whose router lets it have none: the router's own default, wrapped. */
export function printAbsentRoot({ router }: Pick<AppFacts, 'router'>, file: string, providers: string): string {
  const providersImport = `import { ${providersComponent} } from '${relativeSpecifier(file, providers)}';`;
  const text = (router === 'next-pages' ? printApp : router === 'next-app' ? printNextLayout : printExpoLayout)(
    providersImport,
  );
  return file.endsWith('.tsx') ? text : stripTypes('root.tsx', text);
}

function printExpoLayout(providersImport: string): string {
  return `import { Slot } from 'expo-router';
${providersImport}

export default function RootLayout() {
  return (
    <${providersComponent}>
      <Slot />
    </${providersComponent}>
  );
}
`;
}

function printNextLayout(providersImport: string): string {
  return `import type { ReactNode } from 'react';
${providersImport}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <${providersComponent}>{children}</${providersComponent}>
      </body>
    </html>
  );
}
`;
}

function printApp(providersImport: string): string {
  return `import type { AppProps } from 'next/app';
${providersImport}

export default function App({ Component, pageProps }: AppProps) {
  return (
    <${providersComponent}>
      <Component {...pageProps} />
    </${providersComponent}>
  );
}
`;
}
