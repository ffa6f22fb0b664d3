import type { Contribution, ContributionInput } from '../../contract/connector.ts';
import { packageFor } from '../package-for.ts';
import { jsPackage, manifest, setUp } from './manifest.ts';
import { nextStepsOnWeb } from './next-steps-on-web.ts';
import type { Options } from './options.ts';
import { type ProductFile, beginRendering, renderFolder, sharedFiles } from './render-folder.ts';

/** Beside what is shared: the web's SDK, which the browser loads when it is first used. */
const nextFiles: readonly ProductFile[] = [
  { name: 'firebase-app.ts', purpose: 'The one app at Firebase' },
  { name: 'auth-sdk.ts', template: 'next/auth-sdk.ts', purpose: 'Loads Auth', needs: 'auth' },
  {
    name: 'sign-in-form.tsx',
    template: 'next/sign-in-form.tsx',
    purpose: 'A form to sign in or make an account',
    needs: 'auth',
  },
  { name: 'firestore-sdk.ts', template: 'next/firestore-sdk.ts', purpose: 'Loads Firestore', needs: 'firestore' },
  { name: 'storage-sdk.ts', template: 'next/storage-sdk.ts', purpose: 'Loads Storage', needs: 'storage' },
  { name: 'analytics-sdk.ts', template: 'analytics-sdk.web.ts', purpose: 'Loads Analytics', needs: 'analytics' },
];

/** What Firebase wants in an app of Next.js, where the web's SDK is the only one; pure. Throws `unsupported_sdk` for a version that is not in the manifest. */
export function contributeToNext(input: ContributionInput, options: Options): Contribution {
  const { app } = input;
  const rendering = beginRendering(input, options, { "from '../": "from './" });
  const { folder, environmentKeys, provider } = rendering;
  return {
    setUp,
    packages: [packageFor(manifest, jsPackage, app)],
    configPlugins: [],
    environmentKeys,
    provider,
    files: renderFolder(rendering, [...sharedFiles, ...nextFiles]),
    serverChecks: [],
    nativeChanges: [],
    nextSteps: nextStepsOnWeb({ options, app, folder, withNativeCode: [] }),
  };
}
