import type { Contribution, ContributionInput, OwnedFile } from '../../contract/connector.ts';
import { packageFor } from '../package-for.ts';
import { contributeToNext } from './contribution-to-next.ts';
import { asyncStoragePackage, buildPropertiesPackage, jsPackage, manifest, nativePackage, setUp } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';
import {
  type ProductFile,
  type Rendering,
  beginRendering,
  products,
  renderFolder,
  sharedFiles,
} from './render-folder.ts';

const form: ProductFile = {
  name: 'sign-in-form.tsx',
  purpose: 'A form to sign in or make an account',
  needs: 'auth',
};

/** Where the SDK is met: the native SDK has a template of its own for devices, and the web may have another than devices. */
const seams: readonly (ProductFile & { web: 'same' | 'other' })[] = [
  { name: 'firebase-app.ts', purpose: 'The one app at Firebase', web: 'same' },
  { name: 'auth-sdk.ts', purpose: 'Loads Auth', needs: 'auth', web: 'other' },
  { name: 'firestore-sdk.ts', purpose: 'Loads Firestore', needs: 'firestore', web: 'same' },
  { name: 'storage-sdk.ts', purpose: 'Loads Storage', needs: 'storage', web: 'same' },
  { name: 'analytics-sdk.ts', purpose: 'Loads Analytics', needs: 'analytics', web: 'other' },
];
const onWeb = (name: string) => name.replace(/\.ts$/, '.web.ts');
const onDevices = (name: string) => name.replace(/\.ts$/, '.native-sdk.ts');

/** What Firebase wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute(input: ContributionInput): Contribution {
  const { app } = input;
  const options = Options.parse(input.options);
  if (app.framework === 'next') return contributeToNext(input, options);
  const native = options.sdk === 'native';
  const rendering = beginRendering(input, options);
  const { folder, environmentKeys, provider } = rendering;
  const nativePackages = native
    ? [
        nativePackage('app'),
        ...products.filter((product) => options[product]).map(nativePackage),
        buildPropertiesPackage,
      ]
    : [];
  const withNativeCode = [...nativePackages, ...(options.auth && !native ? [asyncStoragePackage] : [])];
  return {
    setUp,
    packages: [jsPackage, ...withNativeCode].map((name) => packageFor(manifest, name, app)),
    configPlugins: native
      ? [
          { name: nativePackage('app') },
          // Auth's own plugin is for signing in by phone alone, and needs the files that a person brings later.
          { name: buildPropertiesPackage, props: { ios: { useFrameworks: 'dynamic' } } },
        ]
      : [],
    environmentKeys,
    provider,
    files: [...renderFolder(rendering, [...sharedFiles, form]), ...renderSeams(rendering, native)],
    serverChecks: [],
    nativeChanges: [
      ...withNativeCode.map((name) => `New native code: ${name} ${packageFor(manifest, name, app).range}`),
      ...(native ? ['iOS links its libraries as dynamic frameworks, as Firebase wants it'] : []),
    ],
    nextSteps: nextSteps({ options, app, folder, withNativeCode }),
  };
}

/** With the native SDK, a seam is one file for devices and one for the web; else two only where the web has another. */
function renderSeams(rendering: Rendering, native: boolean): OwnedFile[] {
  const devices = seams.map((seam) => (native ? { ...seam, template: onDevices(seam.name) } : seam));
  const web = seams
    .filter((seam) => native || seam.web === 'other')
    .map(({ name, purpose, web: form, ...rest }) => ({
      ...rest,
      name: onWeb(name),
      template: form === 'same' ? name : onWeb(name),
      purpose: `${purpose}, on the web`,
    }));
  // The web's file of a pair imports the web's file of another, which the types of the app would not find by itself.
  const replace = native ? { ...rendering.replace, "'./firebase-app'": "'./firebase-app.web'" } : rendering.replace;
  return [...renderFolder(rendering, devices), ...renderFolder({ ...rendering, replace }, web)];
}
