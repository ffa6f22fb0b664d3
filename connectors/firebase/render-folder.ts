import type { ContributionInput, EnvironmentKey, OwnedFile } from '../../contract/connector.ts';
import { folderOf } from '../app-modules.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { readTemplates } from '../read-templates.ts';
import { type FolderFile, renderFiles } from '../render-files.ts';
import { manifest } from './manifest.ts';
import type { Options } from './options.ts';

export const products = ['auth', 'firestore', 'storage', 'analytics'] as const;
type Product = (typeof products)[number];

/** A file that is there with its product, or always. */
export type ProductFile = FolderFile<Product>;

/** What is the same whatever the app is made with. */
export const sharedFiles: readonly ProductFile[] = [
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
  const { folder } = folderOf(manifest, { app, alias });
  const { auth, firestore, storage, analytics } = options;
  return {
    folder,
    environmentKeys: manifest.credentialFields
      .filter(({ name, secret }) => !secret && isRead(name, options))
      .map(({ name, label, environmentKey, secret }) => ({
        key: environmentKeyFor(environmentKey, app, alias),
        credential: name,
        secret,
        comment: `Firebase ${label.en}, from the config of the web app`,
      })),
    provider: auth ? { component: 'FirebaseConnector', module: `${folder}/firebase-provider.tsx` } : undefined,
    flags: { auth, firestore, storage, analytics, next: app.framework === 'next' },
    replace: {
      ...more,
      __COLLECTION__: options.collection,
      ...keysUnderAlias(manifest, app, alias),
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
export function renderFolder(rendering: Rendering, files: readonly ProductFile[]): OwnedFile[] {
  return renderFiles(files, textOf, rendering);
}
