import { posix } from 'node:path';
import type { ContributionInput, EnvironmentKey, OwnedFile } from '../../contract/connector.ts';
import { apiPathOf } from '../api-path.ts';
import { extensionOf, folderOf } from '../app-modules.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { readTemplates } from '../read-templates.ts';
import { type FolderFile, renderFiles } from '../render-files.ts';
import { quoted } from '../render-template.ts';
import { manifest } from './manifest.ts';
import type { Options } from './options.ts';
import { printTable, printTypes } from './print-types.ts';
import { type Schema, exampleTable, schemaIn, sortByName } from './schema.ts';

/** What is the same whatever the app is made with. */
export const sharedFiles: readonly FolderFile[] = [
  { name: 'config.ts', purpose: 'The values of the project and the choices made for this app' },
  {
    name: 'session-options.ts',
    purpose: 'Says that there is no session to keep',
    needs: 'noAuth',
    template: 'session-options.none.ts',
  },
  { name: 'supabase-provider.tsx', purpose: 'Gives the app the session, and keeps it fresh', needs: 'auth' },
  { name: 'sign-in.ts', purpose: 'Signs people up, in and out', needs: 'auth' },
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

const textOf = readTemplates(new URL('templates/', import.meta.url));

/** What is the same for every framework: names, keys and the texts that templates are filled with. */
export interface Rendering {
  name: string;
  /** Of the generated code, relative to the app. */
  folder: string;
  /** Where the app calls the handler. */
  apiPath: string;
  environmentKeys: readonly EnvironmentKey[];
  flags: Readonly<Record<string, boolean>>;
  replace: Readonly<Record<string, string>>;
  /** Of the project, where the probe could read it. */
  schema: Schema | undefined;
}

/** Makes ready to render; the scheme is one that can be written as it is, and `flags` are those of the framework. */
export function beginRendering(
  { app, alias, discovered }: ContributionInput,
  options: Options,
  scheme: string | undefined,
  flags: Readonly<Record<string, boolean>>,
): Rendering {
  const { name, folder } = folderOf(manifest, { app, alias });
  const apiPath = apiPathOf(name, app, options.serverUrl);
  return {
    name,
    folder,
    apiPath,
    environmentKeys: manifest.credentialFields
      .filter(({ secret }) => !secret || options.accountDeletion)
      .map((field) => ({
        key: environmentKeyFor(field.environmentKey, app, alias),
        credential: field.name,
        secret: field.secret,
        comment: `Supabase ${field.label.en.replace(/^\w(?=[a-z])/, (first) => first.toLowerCase())}${field.secret ? ', for the server only' : ''}`,
      })),
    flags: {
      auth: options.auth,
      noAuth: !options.auth,
      oauthByLink: options.oauth && scheme !== undefined,
      oauthOnWeb: options.oauth && scheme === undefined,
      scheme: scheme !== undefined,
      ownSession: options.auth && alias !== '',
      accountDeletion: options.accountDeletion,
      sameOrigin: options.serverUrl === '' && app.serverRoutes,
      database: options.database,
      realtime: options.realtime,
      rows: options.database || options.realtime,
      types: (options.database || options.realtime) && app.language === 'typescript',
      storage: options.storage,
      ...flags,
    },
    replace: {
      "'__BUCKET__'": quoted(options.bucket),
      "'__SERVER_URL__'": quoted(options.serverUrl),
      __TABLE__: options.table,
      __SCHEME__: scheme ?? '',
      __NAME__: name,
      __FOLDER__: folder,
      'config.ts': `config.${extensionOf(app)}`,
      '/api/supabase/': `${apiPath}/`,
      ...keysUnderAlias(manifest, app, alias),
    },
    schema: schemaIn(discovered),
  };
}

/** Renders those of the files that the flags ask for. */
export function renderFolder(rendering: Rendering, files: readonly FolderFile[]): OwnedFile[] {
  return renderFiles(files, textOf, rendering);
}

/** The tables as types: those of the project, and of the table that its SQL makes where the project has none of that name. */
export function renderTypes({ folder, flags, schema }: Rendering, { table, auth }: Options): OwnedFile[] {
  if (!flags['types']) return [];
  const path = `${folder}/database.types.ts`;
  const example = exampleTable(table, auth);
  const relations = schema?.relations ?? [];
  const all = relations.some(({ name }) => name === table) ? relations : sortByName([...relations, example]);
  const text = (comment: string) => printTypes({ functions: [], ...schema, relations: all }, table, comment);
  if (schema !== undefined) {
    const purpose = "The tables of the project's schema as types";
    return [{ path, text: text(providerComment), purpose, source: 'provider' }];
  }
  const purpose = 'The tables as types, to be generated from the project';
  const needed = printTable(example).join('\n');
  return [{ path, text: text(exampleComment), purpose, source: 'example', needed }];
}

const exampleComment =
  'The tables as the client knows them. Write it anew from your project: the next steps in the pull request have the command.';
const providerComment =
  'The tables as the project had them. Write it anew after a change of the schema: the next steps in the pull request have the command.';

/** The API route at this path that runs the handler which deletes accounts. */
export function renderRoute({ folder }: Rendering, path: string, template: string): OwnedFile {
  const handler = quoted(posix.relative(posix.dirname(path), `${folder}/server/delete-account`));
  const text = textOf(template).replace(/'(?:\.\.\/)+server\/delete-account'/, () => handler);
  return { path, text, purpose: 'The API route that runs the handler' };
}
