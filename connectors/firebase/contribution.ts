import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Contribution, ContributionInput } from '../../contract/connector.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { packageFor } from '../package-for.ts';
import { renderTemplate } from '../render-template.ts';
import { asyncStoragePackage, buildPropertiesPackage, jsPackage, manifest, nativePackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';

interface FolderFile {
  name: string;
  purpose: string;
  /** The flag without which it is not there. */
  needs?: string;
  /** Where the SDK is met: the native SDK has a template of its own for devices, and the web has the other one. */
  seam?: 'same on the web' | 'other on the web';
}

const folderFiles: readonly FolderFile[] = [
  { name: 'config.ts', purpose: 'What functions answer when something is missing or fails' },
  { name: 'web-config.ts', purpose: 'The values of the project' },
  { name: 'firebase-app.ts', purpose: 'The one app at Firebase', seam: 'same on the web' },
  { name: 'auth-sdk.ts', purpose: 'Loads Auth', needs: 'auth', seam: 'other on the web' },
  { name: 'firebase-provider.tsx', purpose: 'Gives the app whoever is signed in', needs: 'auth' },
  { name: 'sign-in.ts', purpose: 'Signs people up, in and out', needs: 'auth' },
  { name: 'sign-in-form.tsx', purpose: 'A form to sign in or make an account', needs: 'auth' },
  { name: 'firestore-sdk.ts', purpose: 'Loads Firestore', needs: 'firestore', seam: 'same on the web' },
  { name: 'documents.ts', purpose: 'Reads, follows and adds documents', needs: 'firestore' },
  { name: 'use-documents.ts', purpose: 'The documents as a hook', needs: 'firestore' },
  { name: 'storage-sdk.ts', purpose: 'Loads Storage', needs: 'storage', seam: 'same on the web' },
  { name: 'files.ts', purpose: 'Uploads files and makes links to them', needs: 'storage' },
  { name: 'analytics-sdk.ts', purpose: 'Loads Analytics', needs: 'analytics', seam: 'other on the web' },
  { name: 'analytics.ts', purpose: 'Tells Google Analytics of events', needs: 'analytics' },
];

interface Rendered {
  name: string;
  template: string;
  purpose: string;
}

const onWeb = (name: string) => name.replace(/\.ts$/, '.web.ts');
const onDevices = (name: string) => name.replace(/\.ts$/, '.native-sdk.ts');

/** The files that one entry becomes: with the native SDK, a seam is one file for devices and one for the web. */
function filesOf({ name, purpose, seam }: FolderFile, native: boolean): Rendered[] {
  if (seam === undefined) return [{ name, template: name, purpose }];
  const web = {
    name: onWeb(name),
    template: seam === 'same on the web' ? name : onWeb(name),
    purpose: `${purpose}, on the web`,
  };
  if (native) return [{ name, template: onDevices(name), purpose: `${purpose}, on devices` }, web];
  return [{ name, template: name, purpose }, ...(seam === 'same on the web' ? [] : [web])];
}

const templates = new Map(
  folderFiles
    .flatMap((file) => [...filesOf(file, true), ...filesOf(file, false)])
    .map(({ template }) => [template, readFileSync(new URL(`templates/${template}`, import.meta.url), 'utf8')]),
);

/** What Firebase wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute({ app, alias, options: chosen }: ContributionInput): Contribution {
  const options = Options.parse(chosen);
  const native = options.sdk === 'native';
  const folder = posix.join(app.sourceDir, 'connectors', alias === '' ? manifest.id : `${manifest.id}-${alias}`);
  const { auth, firestore, storage, analytics } = options;
  const flags: Record<string, boolean> = { auth, firestore, storage, analytics };
  const environmentKeys = manifest.credentialFields
    .filter(({ name, secret }) => !secret && (flags[keyOnlyOf[name] ?? ''] ?? true))
    .map((field) => ({
      key: environmentKeyFor(field.environmentKey, alias),
      credential: field.name,
      secret: field.secret,
      comment: `Firebase ${field.label.en}, from the config of the web app`,
    }));
  const replace = {
    __COLLECTION__: options.collection,
    ...keysUnderAlias(manifest, alias),
  };
  const toWeb = { ...replace, "'./firebase-app'": "'./firebase-app.web'" };
  const files = folderFiles
    .filter(({ needs }) => needs === undefined || flags[needs] === true)
    .flatMap((file) => filesOf(file, native))
    .map(({ name, template, purpose }) => ({
      path: `${folder}/${name}`,
      // The web's file of a pair imports the web's file of another, which the types of the app would not find by itself.
      text: renderTemplate(templates.get(template) ?? '', flags, native && name.endsWith('.web.ts') ? toWeb : replace),
      purpose,
    }));
  const chosenProducts = (['auth', 'firestore', 'storage', 'analytics'] as const).filter((product) => options[product]);
  const nativePackages = native
    ? [nativePackage('app'), ...chosenProducts.map(nativePackage), buildPropertiesPackage]
    : [];
  const withNativeCode = [...nativePackages, ...(auth && !native ? [asyncStoragePackage] : [])];
  return {
    setUp: { module: `${jsPackage}/app`, names: ['initializeApp'] },
    packages: [jsPackage, ...withNativeCode].map((name) => packageFor(manifest, name, app)),
    configPlugins: native
      ? [
          { name: nativePackage('app') },
          // Auth's own plugin is for signing in by phone alone, and needs the files that a person brings later.
          { name: buildPropertiesPackage, props: { ios: { useFrameworks: 'dynamic' } } },
        ]
      : [],
    environmentKeys,
    provider: auth ? { component: 'FirebaseConnector', module: `${folder}/firebase-provider.tsx` } : undefined,
    files,
    serverChecks: [],
    nativeChanges: [
      ...withNativeCode.map((name) => `New native code: ${name} ${packageFor(manifest, name, app).range}`),
      ...(native ? ['iOS links its libraries as dynamic frameworks, as Firebase wants it'] : []),
    ],
    nextSteps: nextSteps({ options, app, folder, withNativeCode }),
  };
}

/** Credentials that only one product reads. */
const keyOnlyOf: Readonly<Record<string, string>> = { storageBucket: 'storage', measurementId: 'analytics' };
