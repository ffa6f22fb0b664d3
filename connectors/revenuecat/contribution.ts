import type { Contribution, ContributionInput } from '../../contract/connector.ts';
import { folderOf } from '../app-modules.ts';
import { environmentKeyFor, keysUnderAlias } from '../environment-key.ts';
import { packageFor } from '../package-for.ts';
import { readTemplates } from '../read-templates.ts';
import { type FolderFile, renderFiles } from '../render-files.ts';
import { quoted } from '../render-template.ts';
import { manifest, purchasesPackage, uiPackage } from './manifest.ts';
import { nextSteps } from './next-steps.ts';
import { Options } from './options.ts';

type Flag = 'list' | 'paywall' | 'customerCenter' | 'ui';

/** Every file of the folder, what it is for, and the flag without which it is not there. */
const folderFiles: readonly FolderFile<Flag>[] = [
  { name: 'revenuecat-provider.tsx', purpose: 'Sets up the RevenueCat SDK and gives the app its customer' },
  { name: 'config.ts', purpose: 'The SDK keys and the entitlement of this app' },
  { name: 'purchases.ts', purpose: 'Buys, restores and reads through the SDK, and never throws' },
  { name: 'customer-context.ts', purpose: 'Carries the customer from the provider to the hooks' },
  { name: 'use-entitlement.ts', purpose: 'A hook: has the customer unlocked it?' },
  { name: 'use-purchases.ts', purpose: 'A hook: what is for sale, buying and restoring' },
  { name: 'package-list.tsx', purpose: 'The list of packages to buy', needs: 'list' },
  { name: 'paywall.ts', purpose: 'Shows the paywall of the dashboard', needs: 'paywall' },
  { name: 'paywall-button.tsx', purpose: 'A button that shows the paywall', needs: 'paywall' },
  { name: 'customer-center.ts', purpose: 'Opens the Customer Center', needs: 'customerCenter' },
  { name: 'customer-center-button.tsx', purpose: 'A button that opens the Customer Center', needs: 'customerCenter' },
  { name: 'screen-button.tsx', purpose: 'What the buttons to RevenueCat’s screens have in common', needs: 'ui' },
  { name: 'purchase-problem.tsx', purpose: 'Tells the customer what went wrong' },
  { name: 'sdk.ts', purpose: 'What the app uses of the RevenueCat SDK' },
  { name: 'sdk.web.ts', purpose: 'The same for the web, where the keys of the stores do not work' },
];

const textOf = readTemplates(new URL('templates/', import.meta.url));

/** What RevenueCat wants in an app; pure. Throws `unsupported_sdk` for an app whose packages have no known version. */
export function contribute({ app, alias, options: given }: ContributionInput): Contribution {
  const options = Options.parse(given);
  const ui = options.paywall || options.customerCenter;
  const flags = { list: !options.paywall, paywall: options.paywall, customerCenter: options.customerCenter, ui };
  const packages = [purchasesPackage, ...(ui ? [uiPackage] : [])].map((name) => packageFor(manifest, name, app));
  const { folder } = folderOf(manifest, { app, alias });
  // The app has no use for the secret key, so it is published nowhere.
  const environmentKeys = manifest.credentialFields
    .filter(({ secret }) => !secret)
    .map(({ name, environmentKey, label }) => ({
      key: environmentKeyFor(environmentKey, app, alias),
      credential: name,
      secret: false,
      comment: `RevenueCat ${label.en}`,
    }));
  const replace = {
    "'__ENTITLEMENT__'": quoted(options.entitlement),
    ...keysUnderAlias(manifest, app, alias),
  };
  return {
    setUp: { module: purchasesPackage, names: ['configure'] },
    packages,
    configPlugins: [],
    environmentKeys,
    provider: { component: 'RevenueCatConnector', module: `${folder}/revenuecat-provider.tsx` },
    files: renderFiles(folderFiles, textOf, { folder, flags, replace }),
    serverChecks: [],
    nativeChanges: [
      ...packages.map(({ name, range }) => `New native code: ${name} ${range}`),
      'iOS capability In-App Purchase',
      'Android permission com.android.vending.BILLING',
    ],
    nextSteps: nextSteps({ options, app, folder }),
  };
}
