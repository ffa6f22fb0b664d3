import { posix } from 'node:path';
import type { Contribution, ContributionInput, OwnedFile } from '../../contract/connector.ts';
import { packageFor } from '../package-for.ts';
import type { FolderFile } from '../render-files.ts';
import { clientPackage, cookiesPackage, manifest } from './manifest.ts';
import { nextStepsOnWeb } from './next-steps-on-web.ts';
import type { Options } from './options.ts';
import { beginRendering, renderFolder, renderRoute, renderTypes, sharedFiles } from './render-folder.ts';
import { serverChecks } from './server-checks.ts';

/** What runs in the browser, and on the server for whoever the cookies of a request are of. */
const nextFiles: readonly FolderFile[] = [
  {
    name: 'client.ts',
    purpose: 'The one Supabase client of the browser',
    needs: 'cookies',
    template: 'next/client.ts',
  },
  { name: 'client.ts', purpose: 'The one Supabase client of the app', needs: 'noCookies' },
  {
    name: 'session-options.ts',
    purpose: 'Leaves the session to the browser',
    needs: 'browserSession',
    template: 'session-options.web.ts',
  },
  {
    name: 'sign-in-form.tsx',
    purpose: 'A form to sign in or make an account',
    needs: 'auth',
    template: 'next/sign-in-form.tsx',
  },
  {
    name: 'server/request-client.ts',
    purpose: 'Server: a client for whoever asks',
    needs: 'appRouterCookies',
    template: 'next/server/request-client.ts',
  },
  {
    name: 'server/request-client.ts',
    purpose: 'Server: a client for whoever asks',
    needs: 'pagesRouterCookies',
    template: 'next/server/pages-request-client.ts',
  },
  {
    name: 'server/renew-session.ts',
    purpose: "Server: renews the session of whoever asks, to be called by the app's proxy",
    needs: 'appRouterCookies',
    template: 'next/server/renew-session.ts',
  },
];

/** What Supabase wants in an app of Next.js; pure. Throws `unsupported_sdk` for a version that is not in the manifest. */
export function contributeToNext(input: ContributionInput, options: Options): Contribution {
  const { app } = input;
  const isPages = app.router === 'next-pages';
  // Cookies are for a server to read; an app that is exported as plain files has none.
  const cookies = options.auth && app.serverRoutes;
  const rendering = beginRendering(input, options, undefined, {
    native: false,
    web: true,
    links: true,
    cookies,
    // The name of a cookie has that of the project in it.
    ownSession: options.auth && input.alias !== '' && !cookies,
    noCookies: !cookies,
    browserSession: options.auth && !cookies,
    appRouterCookies: cookies && !isPages,
    pagesRouterCookies: cookies && isPages,
  });
  const { name, folder, apiPath, environmentKeys, schema } = rendering;
  const files = [
    ...renderFolder(rendering, sharedFiles),
    ...renderFolder(rendering, nextFiles).map(raise),
    ...renderTypes(rendering, options),
  ];
  if (options.accountDeletion && app.serverRoutes) {
    const file = isPages ? 'delete-account.ts' : 'delete-account/route.ts';
    const template = `next/routes/${isPages ? 'pages-' : ''}delete-account.ts`;
    files.push(renderRoute(rendering, posix.join(app.routesDir, 'api', name, file), template));
  }
  return {
    setUp: cookies
      ? { module: cookiesPackage, names: ['createBrowserClient'] }
      : { module: clientPackage, names: ['createClient'] },
    packages: [clientPackage, ...(cookies ? [cookiesPackage] : [])].map((one) => packageFor(manifest, one, app)),
    configPlugins: [],
    environmentKeys,
    provider: options.auth ? { component: 'SupabaseConnector', module: `${folder}/supabase-provider.tsx` } : undefined,
    files,
    serverChecks: options.accountDeletion ? serverChecks({ folder, apiPath, environmentKeys }) : [],
    nativeChanges: [],
    nextSteps: nextStepsOnWeb({ options, app, name, folder, apiPath, environmentKeys, native: [], schema }),
  };
}

/** The templates of Next.js stand one folder below what they share with Expo's. */
function raise(file: OwnedFile): OwnedFile {
  const text = file.text.replaceAll(/'\.\.\/(\.\.\/)?/g, (_, higher: string | undefined) => `'${higher ?? './'}`);
  return { ...file, text };
}
