import { frameworkNames } from '../contract/closed-sets.ts';
import type {
  AppFacts,
  Connector,
  Contribution,
  ContributionInput,
  Manifest,
  NextStep,
} from '../contract/connector.ts';
import { GraftError } from '../contract/errors.ts';
import { firebase } from './firebase/index.ts';
import { onesignal } from './onesignal/index.ts';
import { revenuecat } from './revenuecat/index.ts';
import { stripe } from './stripe/index.ts';
import { supabase } from './supabase/index.ts';

/** Every connector by its id. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  [firebase, onesignal, revenuecat, stripe, supabase].map((one) => [one.manifest.id, one]),
);

/** The connector with this id; throws `not_found` with the ids there are. */
export function getConnector(id: string): Connector {
  const connector = connectors.get(id);
  if (connector) return connector;
  const fix = `Choose one of: ${[...connectors.keys()].join(', ')}.`;
  throw new GraftError('not_found', `There is no connector "${id}". ${fix}`, {
    fields: [{ field: 'connector', fix }],
    details: { connectors: [...connectors.keys()] },
  });
}

/** Was the connector tested with this app's version of its framework? */
export function isTested({ compatibility }: Manifest, { framework, major }: AppFacts): boolean {
  return compatibility[framework]?.majors.includes(major) === true;
}

/** May the connector go into this app? Throws `unsupported_app`, and `unsupported_sdk` for versions whose packages nothing tells. */
export function checkCompatibility(manifest: Manifest, app: AppFacts): void {
  const { framework } = app;
  if (manifest.compatibility[framework] === undefined) {
    const supported = Object.entries(frameworkNames).filter(([known]) => known in manifest.compatibility);
    const name = frameworkNames[framework];
    const fix = `Choose a connector for ${name} apps; this one supports: ${supported.map(([, known]) => known).join(', ')}.`;
    throw new GraftError('unsupported_app', `${manifest.name} has no code for ${name} apps. ${fix}`, {
      fields: [{ field: 'connector', fix }],
      details: { framework },
    });
  }
  // An Expo SDK has a list of its own, which is read where it is needed.
  if (!isTested(manifest, app) && framework !== 'expo') throw unsupportedSdk(manifest, app);
}

function unsupportedSdk(manifest: Manifest, { framework, version }: AppFacts): GraftError {
  const supported = manifest.compatibility[framework]?.majors ?? [];
  const fix = `Move the app to ${frameworkNames[framework]} ${supported.join(', ')} first; it has ${version}.`;
  return new GraftError('unsupported_sdk', `${manifest.name} was not tested with this app's version. ${fix}`, {
    fields: [{ field: 'connector', fix }],
    details: { framework, version, supported },
  });
}

/**
 * What a connector wants in an app. `app.bundled` opens it for an Expo SDK that it was not tested with, and its next steps say so
 * first. Throws `unsupported_app`, or `unsupported_sdk` for any other version that it was not tested with.
 */
export function contributionTo(connector: Connector, input: ContributionInput): Contribution {
  const { manifest } = connector;
  const { app } = input;
  checkCompatibility(manifest, app);
  if (isTested(manifest, app)) return connector.contribute(input);
  if (app.bundled === undefined) throw unsupportedSdk(manifest, app);
  const majors = manifest.compatibility[app.framework]?.majors ?? [];
  const contribution = connector.contribute(input);
  const untested: NextStep = {
    kind: 'untested',
    text: {
      en: `${manifest.name} was not tested with Expo SDK ${app.major}, only with ${majors.join(', ')}. The versions of its packages come from what expo ${app.version} lists, and where it lists none, from the tested SDKs: try it on devices before you release it.`,
      ar: `لم يُختبر ${manifest.name} مع Expo SDK ${app.major}، بل مع ${majors.join(' و ')} فقط. إصدارات حزمه مأخوذة من قائمة expo ${app.version}، وما لا تذكره القائمة مأخوذ من الإصدارات المختبرة: جرّبه على أجهزة حقيقية قبل النشر.`,
    },
  };
  return { ...contribution, nextSteps: [untested, ...contribution.nextSteps] };
}

/**
 * What already holds a connector of which an app can have only one, under another alias than asked; undefined when nothing
 * is in the way. `present` is whatever names connectors and aliases: ownership records, installations.
 */
export function findOtherAlias<Present extends { connector: string; alias: string }>(
  { id, singleton }: Manifest,
  alias: string,
  present: readonly Present[],
): Present | undefined {
  if (!singleton) return undefined;
  return present.find((one) => one.connector === id && one.alias !== alias);
}
