import { posix } from 'node:path';
import type { Contribution, ContributionInput, OwnedFile } from '../../contract/connector.ts';
import { packageFor } from '../package-for.ts';
import type { FolderFile } from '../render-files.ts';
import { quoted, renderTemplate } from '../render-template.ts';
import { manifest, webPackages } from './manifest.ts';
import { nextStepsOnWeb } from './next-steps-on-web.ts';
import type { Options } from './options.ts';
import { type Feature, type Rendering, beginRendering, renderFolder, sharedFiles, textOf } from './render-folder.ts';
import { serverChecks } from './server-checks.ts';

/** What runs in the browser: Stripe's Payment Element in place of the native payment sheet. */
const nextFiles: readonly FolderFile<Feature>[] = [
  { name: 'stripe-provider.tsx', purpose: 'Gives the app the sheet that payments open' },
  { name: 'checkout-button.tsx', purpose: 'A button that sells one product', needs: 'oneTimePayments' },
  { name: 'subscription-plans.tsx', purpose: 'The list of plans to subscribe to', needs: 'subscriptions' },
  { name: 'checkout-problem.tsx', purpose: 'Tells the customer what went wrong' },
  { name: 'payment-sheet.tsx', purpose: "Stripe's form for the payment" },
  { name: 'sdk.ts', purpose: 'Loads Stripe.js and opens the sheet' },
];

const pagesApi: FolderFile<Feature> = {
  name: 'server/pages-api.ts',
  purpose: 'Server: runs a handler as an API route of the pages router',
};

const routes: readonly { name: string; needs: Feature }[] = [
  { name: 'payment-intent', needs: 'oneTimePayments' },
  { name: 'subscription', needs: 'subscriptions' },
  { name: 'webhook', needs: 'webhooks' },
];

/** What Stripe wants in an app of Next.js; pure. Throws `unsupported_sdk` for a version that is not in the manifest. */
export function contributeToNext(input: ContributionInput, options: Options): Contribution {
  const { app } = input;
  const packages = webPackages.map((name) => packageFor(manifest, name, app));
  const rendering = beginRendering(input, options, { scheme: undefined, wallets: false });
  const { folder, apiPath, environmentKeys } = rendering;
  const routeFiles = app.serverRoutes ? renderRoutes(rendering, app) : [];
  const ofNext = routeFiles.length > 0 && app.router === 'next-pages' ? [...nextFiles, pagesApi] : nextFiles;
  return {
    packages,
    configPlugins: [],
    environmentKeys,
    provider: { component: 'StripeConnector', module: `${folder}/stripe-provider.tsx` },
    files: [...renderFolder(rendering, sharedFiles), ...renderFolder(fromNextFolder(rendering), ofNext), ...routeFiles],
    serverChecks: serverChecks({ options, folder, apiPath, environmentKeys }),
    nativeChanges: [],
    nextSteps: nextStepsOnWeb({ options, app, folder, apiPath, environmentKeys }),
  };
}

/** The templates of Next.js stand in a folder of their own, below what they share with Expo's. */
function fromNextFolder(rendering: Rendering): Rendering {
  const { applePay, googlePay } = rendering.options;
  return {
    ...rendering,
    templates: 'next/',
    replace: {
      ...rendering.replace,
      "from '../": "from './",
      "applePay: 'auto'": `applePay: '${applePay ? 'auto' : 'never'}'`,
      "googlePay: 'auto'": `googlePay: '${googlePay ? 'auto' : 'never'}'`,
    },
  };
}

/** One API route for each handler, as the app's router wants it: a folder with `route.ts`, or a file of its name. */
function renderRoutes(
  { options, name, folder }: Rendering,
  { router, routesDir }: ContributionInput['app'],
): OwnedFile[] {
  const isPages = router === 'next-pages';
  return routes
    .filter(({ needs }) => options[needs])
    .map((route) => {
      const path = posix.join(routesDir, 'api', name, isPages ? `${route.name}.ts` : `${route.name}/route.ts`);
      const from = (module: string) => quoted(posix.relative(posix.dirname(path), `${folder}/server/${module}`));
      const text = renderTemplate(
        textOf(`next/routes/${isPages ? 'pages-' : ''}${route.name}.ts`),
        {},
        {
          "'../server/pages-api'": from('pages-api'),
          [`'../../server/${route.name}'`]: from(route.name),
        },
      );
      return { path, text, purpose: 'The API route that runs the handler' };
    });
}
