import { posix } from 'node:path';
import type { Contribution, ContributionInput } from '../../contract/connector.ts';
import { packageFor } from '../package-for.ts';
import type { FolderFile } from '../render-files.ts';
import { contributeToNext } from './contribution-to-next.ts';
import { asyncStoragePackage, browserPackage, clientPackage, manifest, sqlitePackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';
import { beginRendering, renderFolder, renderRoute, renderTypes, sharedFiles } from './render-folder.ts';
import { serverChecks } from './server-checks.ts';

/** What runs on a device besides: a session that the app keeps, and links back into it. */
const expoFiles: readonly FolderFile[] = [
  { name: 'client.ts', purpose: 'The one Supabase client of the app' },
  { name: 'session-options.ts', purpose: 'Keeps the session in the app', needs: 'sqlite' },
  {
    name: 'session-options.ts',
    purpose: 'Keeps the session in the app',
    needs: 'asyncStorage',
    template: 'session-options.async-storage.ts',
  },
  { name: 'session-options.web.ts', purpose: 'The same for the web', needs: 'auth' },
  { name: 'sign-in-form.tsx', purpose: 'A form to sign in or make an account', needs: 'auth' },
  { name: 'sign-in-with-provider.ts', purpose: 'Signs in through Google, Apple and others', needs: 'oauthByLink' },
];

/** What Supabase wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute(input: ContributionInput): Contribution {
  const options = Options.parse(input.options);
  if (input.app.framework === 'next') return contributeToNext(input, options);
  const scheme = /^[a-z][a-z0-9+.-]*$/i.test(input.app.scheme ?? '') ? input.app.scheme : undefined;
  const app = { ...input.app, scheme };
  const rendering = beginRendering(input, options, scheme, {
    native: true,
    web: false,
    links: scheme !== undefined,
    sqlite: options.auth && options.sessionStorage === 'sqlite',
    asyncStorage: options.auth && options.sessionStorage === 'async-storage',
  });
  const { name, folder, apiPath, environmentKeys, flags, schema } = rendering;
  const files = [...renderFolder(rendering, [...sharedFiles, ...expoFiles]), ...renderTypes(rendering, options)];
  if (options.accountDeletion && app.serverRoutes) {
    const path = posix.join(app.routesDir, 'api', name, 'delete-account+api.ts');
    files.push(renderRoute(rendering, path, 'routes/delete-account+api.ts'));
  }
  const native = [
    ...(flags['sqlite'] ? [sqlitePackage] : []),
    ...(flags['asyncStorage'] ? [asyncStoragePackage] : []),
    ...(flags['oauthByLink'] ? [browserPackage] : []),
  ];
  const packages = [clientPackage, ...native].map((one) => packageFor(manifest, one, app));
  return {
    setUp: { module: clientPackage, names: ['createClient'] },
    packages,
    configPlugins: [],
    environmentKeys,
    provider: options.auth ? { component: 'SupabaseConnector', module: `${folder}/supabase-provider.tsx` } : undefined,
    files,
    serverChecks: options.accountDeletion ? serverChecks({ folder, apiPath, environmentKeys }) : [],
    nativeChanges: packages.slice(1).map((one) => `New native code: ${one.name} ${one.range}`),
    nextSteps: nextSteps({ options, app, name, folder, apiPath, environmentKeys, native, schema }),
  };
}
