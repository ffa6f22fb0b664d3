import type { Snapshot, WantedConnector } from '../../contract/codegen.ts';
import { snapshotOf } from './apps.ts';
import { contribution } from './made-up-connectors.ts';

/** A connector as it is in an app of Next.js: a client component as wrapper and a server module. `dir` is where its files go. */
export function accounts(dir: string): WantedConnector {
  const module = `${dir}connectors/accounts/provider.tsx`;
  return {
    connector: 'accounts',
    alias: '',
    version: '1.0.0',
    options: {},
    contribution: contribution({
      packages: [{ name: '@accounts/react', range: '2.0.0' }],
      environmentKeys: [
        { key: 'NEXT_PUBLIC_ACCOUNTS_ID', credential: 'id', secret: false, comment: 'Project of Accounts' },
        { key: 'ACCOUNTS_SECRET', credential: 'secret', secret: true, comment: 'Secret of Accounts, server only' },
      ],
      provider: { component: 'AccountsConnector', module },
      files: [
        {
          path: module,
          purpose: 'wraps the app',
          text: `'use client';

import type { ReactNode } from 'react';
import { AccountsProvider } from '@accounts/react';

export function AccountsConnector({ children }: { children: ReactNode }) {
  const id = process.env.NEXT_PUBLIC_ACCOUNTS_ID;
  return id ? <AccountsProvider id={id}>{children}</AccountsProvider> : <>{children}</>;
}
`,
        },
        {
          path: `${dir}connectors/accounts/server/session.ts`,
          purpose: 'the server module',
          text: `export async function readSession(request: Request): Promise<Response> {
  return Response.json({ signedIn: request.headers.has('authorization') });
}
`,
        },
      ],
    }),
  };
}

/** A second one, without a server module. */
export function visits(dir: string): WantedConnector {
  const module = `${dir}connectors/visits/provider.tsx`;
  return {
    connector: 'visits',
    alias: '',
    version: '1.0.0',
    options: {},
    contribution: contribution({
      packages: [{ name: '@visits/web', range: '^4.1.0' }],
      provider: { component: 'VisitsConnector', module },
      files: [
        {
          path: module,
          purpose: 'wraps the app',
          text: `'use client';

import type { PropsWithChildren } from 'react';

export function VisitsConnector({ children }: PropsWithChildren) {
  return <>{children}</>;
}
`,
        },
      ],
    }),
  };
}

/** A small app of Next.js with TypeScript and no lock file, without a router's files: these are given. */
export function nextApp(files: Readonly<Record<string, string>>): Snapshot {
  return snapshotOf({
    'package.json':
      '{\n  "name": "site",\n  "scripts": {\n    "build": "next build"\n  },\n  "dependencies": {\n    "next": "16.4.6",\n    "react": "19.2.3",\n    "react-dom": "19.2.3"\n  }\n}\n',
    'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx" } }\n',
    '.gitignore': '/node_modules\n/.next/\n.env*\n',
    ...files,
  });
}
