import type { Contribution, ContributionInput } from '../../contract/connector.ts';
import { folderOf } from '../app-modules.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { packageFor } from '../package-for.ts';
import { readTemplates } from '../read-templates.ts';
import { type FolderFile, renderFiles } from '../render-files.ts';
import { manifest, pluginPackage, sdkPackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';

/** Every file of the folder, what it is for, and the option without which it is not there. */
const folderFiles: readonly FolderFile<'inAppMessages'>[] = [
  { name: 'onesignal-provider.tsx', purpose: 'Sets up the OneSignal SDK when the app starts' },
  { name: 'config.ts', purpose: 'The App ID of this app' },
  { name: 'onesignal.ts', purpose: 'Sets up, signs in and tags through the SDK, and never throws' },
  { name: 'permission.ts', purpose: 'Reads, watches and asks for the permission to notify' },
  { name: 'use-permission.ts', purpose: 'The same as a hook' },
  { name: 'permission-button.tsx', purpose: 'A button that asks for permission' },
  { name: 'notification-clicks.ts', purpose: 'Tells of pressed notifications' },
  { name: 'use-notification-clicks.ts', purpose: 'The same as a hook' },
  { name: 'in-app-messages.ts', purpose: 'Triggers, pauses and hears in-app messages', needs: 'inAppMessages' },
  { name: 'sdk.ts', purpose: 'What the app uses of the OneSignal SDK, where its native code is there' },
  { name: 'sdk.web.ts', purpose: 'The same for the web, where the SDK does not run' },
];

const textOf = readTemplates(new URL('templates/', import.meta.url));

/** What OneSignal wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute({ app, alias, options: given }: ContributionInput): Contribution {
  const options = Options.parse(given);
  const flags = {
    inAppMessages: options.inAppMessages,
    start: options.permissionPrompt === 'start',
    provisional: options.permissionPrompt === 'provisional',
  };
  const packages = [sdkPackage, pluginPackage].map((name) => packageFor(manifest, name, app));
  const { folder } = folderOf(manifest, { app, alias });
  // The app has no use for the API key, so it is published nowhere.
  const environmentKeys = manifest.credentialFields
    .filter(({ secret }) => !secret)
    .map(({ name, environmentKey, label }) => ({
      key: environmentKeyFor(environmentKey, app, alias),
      credential: name,
      secret: false,
      comment: `OneSignal ${label.en}`,
    }));
  const replace = keysUnderAlias(manifest, app, alias);
  return {
    setUp: { module: sdkPackage, names: ['OneSignal'] },
    packages,
    // The generated code never asks where people are, so the SDK's part that could is left out of the build.
    configPlugins: [{ name: pluginPackage, props: { mode: options.mode, disableLocation: true } }],
    environmentKeys,
    provider: { component: 'OneSignalConnector', module: `${folder}/onesignal-provider.tsx` },
    files: renderFiles(folderFiles, textOf, { folder, flags, replace }),
    serverChecks: [],
    nativeChanges: [
      `New native code: ${sdkPackage} ${packages[0]?.range}`,
      `iOS entitlement aps-environment (${options.mode}), app group and background mode remote-notification`,
      'iOS target OneSignalNotificationServiceExtension, an extension with a provisioning profile of its own',
      'Android permission POST_NOTIFICATIONS',
    ],
    nextSteps: nextSteps({ options, app, folder }),
  };
}
