import { posix } from 'node:path';
import type { ContributionInput, EnvironmentKey, OwnedFile } from '../../contract/connector.ts';
import { environmentKeyFor, publicKeyFor } from '../environment-key.ts';
import { readTemplates } from '../read-templates.ts';
import { renderTemplate } from '../render-template.ts';
import { manifest } from './manifest.ts';
import type { Options } from './options.ts';

export const products = ['auth', 'firestore', 'storage', 'analytics'] as const;
type Product = (typeof products)[number];

/** A file of the connector's folder, made of a template; `needs` is the option without which it is not there. */
export interface FolderFile {
  name: string;
  /** Where it has another name than the file. */
  template?: string;
  purpose: string;
  needs?: Product;
}

/** What is the same whatever the app is made with. */
export const sharedFiles: readonly FolderFile[] = [
  { name: 'config.ts', purpose: 'What functions answer when something is missing or fails' },
  { name: 'web-config.ts', purpose: 'The values of the project' },
  { name: 'firebase-provider.tsx', purpose: 'Gives the app whoever is signed in', needs: 'auth' },
  { name: 'sign-in.ts', purpose: 'Signs people up, in and out', needs: 'auth' },
  { name: 'use-sign-in.ts', purpose: 'The same as a hook', needs: 'auth' },
  { name: 'documents.ts', purpose: 'Reads, follows and adds documents', needs: 'firestore' },
  { name: 'use-documents.ts', purpose: 'The documents as a hook', needs: 'firestore' },
  { name: 'files.ts', purpose: 'Uploads files and makes links to them', needs: 'storage' },
  { name: 'analytics.ts', purpose: 'Tells Google Analytics of events', needs: 'analytics' },
];

const textOf = readTemplates(new URL('templates/', import.meta.url));

/** What is the same for every framework: names, keys and the texts that templates are filled with. */
export interface Rendering {
  options: Options;
  /** Of the generated code, relative to the app. */
  folder: string;
  environmentKeys: readonly EnvironmentKey[];
  provider: { component: string; module: string } | undefined;
  flags: Readonly<Record<string, boolean>>;
  replace: Readonly<Record<string, string>>;
}

/** Makes ready to render for this app and alias; `more` is what the framework replaces besides. */
export function beginRendering(
  { app, alias }: ContributionInput,
  options: Options,
  more: Readonly<Record<string, string>> = {},
): Rendering {
  const folder = posix.join(app.sourceDir, 'connectors', alias === '' ? manifest.id : `${manifest.id}-${alias}`);
  const keyOf = (key: string) => environmentKeyFor(publicKeyFor(key, app.framework), alias);
  const { auth, firestore, storage, analytics } = options;
  return {
    options,
    folder,
    environmentKeys: manifest.credentialFields
      .filter(({ name, secret }) => !secret && isRead(name, options))
      .map(({ name, label, environmentKey, secret }) => ({
        key: keyOf(environmentKey),
        credential: name,
        secret,
        comment: `Firebase ${label.en}, from the config of the web app`,
      })),
    provider: auth ? { component: 'FirebaseConnector', module: `${folder}/firebase-provider.tsx` } : undefined,
    flags: { auth, firestore, storage, analytics, next: app.framework === 'next' },
    replace: {
      ...more,
      __COLLECTION__: options.collection,
      ...Object.fromEntries(
        manifest.credentialFields.map(({ environmentKey }) => [environmentKey, keyOf(environmentKey)]),
      ),
    },
  };
}

/** Credentials that only one product reads. */
const keyOnlyOf: Readonly<Record<string, Product>> = { storageBucket: 'storage', measurementId: 'analytics' };

function isRead(credential: string, options: Options): boolean {
  const product = keyOnlyOf[credential];
  return product === undefined || options[product];
}

/** Renders the files of the connector's folder that the options ask for. */
export function renderFolder(rendering: Rendering, files: readonly FolderFile[]): OwnedFile[] {
  const { options, folder, flags, replace } = rendering;
  return files
    .filter(({ needs }) => needs === undefined || options[needs])
    .map(({ name, template = name, purpose }) => ({
      path: `${folder}/${name}`,
      text: renderTemplate(textOf(template), flags, replace),
      purpose,
    }));
}
