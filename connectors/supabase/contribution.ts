import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Contribution, ContributionInput, OwnedFile } from '../../contract/connector.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { packageFor } from '../package-for.ts';
import { quoted, renderTemplate } from '../render-template.ts';
import { asyncStoragePackage, browserPackage, clientPackage, manifest, sqlitePackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';
import { serverChecks } from './server-checks.ts';

/** Every file of the folder, what it is for, the flag without which it is not there, and its template where that is named otherwise. */
const folderFiles: readonly { name: string; purpose: string; needs?: string; template?: string }[] = [
  { name: 'config.ts', purpose: 'The values of the project and the choices made for this app' },
  { name: 'client.ts', purpose: 'The one Supabase client of the app' },
  { name: 'database.types.ts', purpose: 'The tables as types, to be generated from the project', needs: 'types' },
  { name: 'session-options.ts', purpose: 'Keeps the session in the app', needs: 'sqlite' },
  {
    name: 'session-options.ts',
    purpose: 'Keeps the session in the app',
    needs: 'asyncStorage',
    template: 'session-options.async-storage.ts',
  },
  {
    name: 'session-options.ts',
    purpose: 'Says that there is no session to keep',
    needs: 'noAuth',
    template: 'session-options.none.ts',
  },
  { name: 'session-options.web.ts', purpose: 'The same for the web', needs: 'auth' },
  { name: 'supabase-provider.tsx', purpose: 'Gives the app the session, and keeps it fresh', needs: 'auth' },
  { name: 'sign-in.ts', purpose: 'Signs people up, in and out', needs: 'auth' },
  { name: 'sign-in-form.tsx', purpose: 'A form to sign in or make an account', needs: 'auth' },
  { name: 'sign-in-with-provider.ts', purpose: 'Signs in through Google, Apple and others', needs: 'oauthByLink' },
  {
    name: 'sign-in-with-provider.ts',
    purpose: 'Signs in through Google, Apple and others, in browsers',
    needs: 'oauthOnWeb',
    template: 'sign-in-with-provider.no-scheme.ts',
  },
  { name: 'rows.ts', purpose: 'Reads and adds rows of the table', needs: 'database' },
  { name: 'use-rows.ts', purpose: 'The same as a hook', needs: 'database' },
  { name: 'use-row-changes.ts', purpose: 'Hears of changes to the table', needs: 'realtime' },
  { name: 'files.ts', purpose: 'Uploads files and makes links to them', needs: 'storage' },
  { name: 'delete-account.ts', purpose: 'Deletes the account of the signed-in person', needs: 'accountDeletion' },
  { name: 'server/delete-account.ts', purpose: 'Server: deletes an account', needs: 'accountDeletion' },
];
const route = 'routes/delete-account+api.ts';

const templates = new Map(
  [...folderFiles.map(({ name, template = name }) => template), route].map((name) => [
    name,
    readFileSync(new URL(`templates/${name}`, import.meta.url), 'utf8'),
  ]),
);

/** What Supabase wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute({ app: given, alias, options: chosen }: ContributionInput): Contribution {
  const options = Options.parse(chosen);
  const app = { ...given, scheme: /^[a-z][a-z0-9+.-]*$/i.test(given.scheme ?? '') ? given.scheme : undefined };
  const name = alias === '' ? manifest.id : `${manifest.id}-${alias}`;
  const folder = posix.join(app.sourceDir, 'connectors', name);
  const apiPath = `/api/${name}`;
  const flags: Record<string, boolean> = {
    auth: options.auth,
    noAuth: !options.auth,
    oauthByLink: options.oauth && app.scheme !== undefined,
    oauthOnWeb: options.oauth && app.scheme === undefined,
    sqlite: options.auth && options.sessionStorage === 'sqlite',
    asyncStorage: options.auth && options.sessionStorage === 'async-storage',
    scheme: app.scheme !== undefined,
    accountDeletion: options.accountDeletion,
    sameOrigin: options.serverUrl === '' && app.serverRoutes,
    database: options.database,
    realtime: options.realtime,
    rows: options.database || options.realtime,
    types: (options.database || options.realtime) && app.language === 'typescript',
    storage: options.storage,
  };
  const environmentKeys = manifest.credentialFields
    .filter(({ secret }) => !secret || options.accountDeletion)
    .map((field) => ({
      key: environmentKeyFor(field.environmentKey, alias),
      credential: field.name,
      secret: field.secret,
      comment: `Supabase ${field.label.en.replace(/^\w(?=[a-z])/, (first) => first.toLowerCase())}${field.secret ? ', for the server only' : ''}`,
    }));
  const replace = {
    "'__BUCKET__'": quoted(options.bucket),
    "'__SERVER_URL__'": quoted(options.serverUrl),
    __TABLE__: options.table,
    __SCHEME__: app.scheme ?? '',
    __NAME__: name,
    __FOLDER__: folder,
    'config.ts': `config.${app.language === 'javascript' ? 'js' : 'ts'}`,
    '/api/supabase/': `${apiPath}/`,
    ...keysUnderAlias(manifest, alias),
  };
  const files: OwnedFile[] = folderFiles
    .filter(({ needs }) => needs === undefined || flags[needs] === true)
    .map((file) => ({
      path: `${folder}/${file.name}`,
      text: renderTemplate(templates.get(file.template ?? file.name) ?? '', flags, replace),
      purpose: file.purpose,
    }));
  if (options.accountDeletion && app.serverRoutes) {
    const apiFolder = posix.join(app.routesDir, 'api', name);
    const handler = quoted(posix.relative(apiFolder, `${folder}/server/delete-account`));
    const text = renderTemplate(templates.get(route) ?? '', flags, { "'../server/delete-account'": handler });
    files.push({ path: `${apiFolder}/delete-account+api.ts`, text, purpose: 'The API route that runs the handler' });
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
    nextSteps: nextSteps({ options, app, name, folder, apiPath, environmentKeys, native }),
  };
}
