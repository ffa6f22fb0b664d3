import { z } from 'zod';
import type { ConnectionReport, ProbeInput } from '../../contract/connector.ts';
import { type FieldFault, GraftError } from '../../contract/errors.ts';
import { Credentials, type PublicField, publicForms } from './credentials.ts';
import { manifest } from './manifest.ts';
import { Options } from './options.ts';
import { RevenueCatApi } from './revenuecat-api.ts';

const Project = z.object({ id: z.string().regex(/^\w+$/), name: z.string() });
const App = z.object({ id: z.string().regex(/^\w+$/), type: z.string() });
const PublicKey = z.object({ id: z.string(), key: z.string() });
const Entitlement = z.object({ id: z.string(), lookup_key: z.string() });

/** What RevenueCat calls the apps whose key a field takes. */
const appTypes = {
  iosKey: 'app_store',
  androidKey: 'play_store',
  testStoreKey: 'test_store',
} as const satisfies Record<PublicField, string>;

/** Proves by reads alone that the secret key works and that each SDK key belongs to an app of its project; looks for the entitlement. */
export async function probe({ credentials, options, environment, http }: ProbeInput): Promise<ConnectionReport> {
  const checked = Credentials.safeParse(credentials);
  if (!checked.success) {
    const fields = checked.error.issues.map(({ path, message }) => ({ field: path.join('.'), fix: message }));
    const message = fields[0]?.fix ?? 'The keys have not the form of RevenueCat keys.';
    throw new GraftError('credentials_rejected', message, { fields });
  }
  const { secretKey, ...publicKeys } = checked.data;
  const mode = manifest.modeOf(checked.data);
  if (mode === 'test' && environment === 'production') throw testStoreInProduction();

  const api = new RevenueCatApi(http, secretKey);
  const projects = await api.list('/projects', Project);
  if (projects === 'denied') throw permissionMissing('projects', 'apps');
  const project = projects[0];
  if (project === undefined) {
    throw new GraftError('provider_unavailable', 'RevenueCat named no project for this key. Try again later.');
  }
  const apps = await api.list(`/projects/${project.id}/apps`, App);
  if (apps === 'denied') throw permissionMissing('apps');
  const strangers = await findStrangers(api, project.id, apps, publicKeys);
  if (strangers.length > 0) {
    const message = strangers.map(({ fix }) => fix).join(' ');
    throw new GraftError('credentials_rejected', message, { fields: strangers });
  }
  const account = `${project.name} (${project.id})`;
  return { account, mode, notes: await notesOn(api, project.id, Options.parse(options)) };
}

/** The SDK keys that no app of the project has. */
async function findStrangers(
  api: RevenueCatApi,
  project: string,
  apps: readonly z.infer<typeof App>[],
  publicKeys: Partial<Record<PublicField, string | undefined>>,
): Promise<FieldFault[]> {
  const strangers: FieldFault[] = [];
  for (const [field, type] of Object.entries(appTypes) as [PublicField, string][]) {
    const pasted = publicKeys[field];
    if (pasted === undefined) continue;
    const found: string[] = [];
    for (const app of apps.filter((one) => one.type === type)) {
      const keys = await api.list(`/projects/${project}/apps/${app.id}/public_api_keys`, PublicKey);
      if (keys === 'denied') throw permissionMissing('apps');
      found.push(...keys.map(({ key }) => key));
    }
    const { what } = publicForms[field];
    if (found.length === 0) {
      strangers.push({ field, fix: `The project has no such app: remove the ${what}, or add the app at RevenueCat.` });
    } else if (!found.includes(pasted)) {
      const fix = `The ${what} belongs to no app of the secret key's project: copy both from the same project.`;
      strangers.push({ field, fix });
    }
  }
  return strangers;
}

async function notesOn(api: RevenueCatApi, project: string, { entitlement }: Options): Promise<string[]> {
  const notes: string[] = [];
  const entitlements = await api.list(`/projects/${project}/entitlements`, Entitlement);
  if (entitlements === 'denied') {
    notes.push(
      `The key may not read entitlements (project_configuration:entitlements:read), so "${entitlement}" was not looked for.`,
    );
  } else if (!entitlements.some((one) => one.lookup_key === entitlement)) {
    notes.push(`The project has no entitlement "${entitlement}" yet. Create it at RevenueCat and attach products.`);
  }
  notes.push(
    'Reads alone cannot prove that products can be bought: that takes the agreements and products at the stores.',
  );
  return notes;
}

function permissionMissing(...resources: string[]): GraftError {
  const permissions = resources.map((resource) => `project_configuration:${resource}:read`);
  const fix = `Allow the key to read ${resources.join(' and ')}, under project configuration.`;
  const message = `The key is genuine but may not read ${resources[0]}. Create a V2 key with ${permissions.join(' and ')} at https://app.revenuecat.com (the project, API keys).`;
  return new GraftError('permission_missing', message, {
    fields: [{ field: 'secretKey', fix }],
    details: { permissions },
  });
}

function testStoreInProduction(): GraftError {
  const fix = 'Leave the Test Store key out for production, and paste the keys of the App Store and Play Store apps.';
  return new GraftError('mode_mismatch', `The Test Store sells nothing for real. ${fix}`, {
    fields: [{ field: 'testStoreKey', fix }],
    details: { mode: 'test', environment: 'production' },
  });
}
