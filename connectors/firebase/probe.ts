import { z } from 'zod';
import type { ConnectionReport, ProbeInput } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { fetchAccessToken } from './access-token.ts';
import { Credentials, readServiceAccount } from './credentials.ts';
import {
  type Problem,
  apiKeyRejected,
  nonsense,
  outage,
  permissionMissing,
  problemOf,
  rejected,
  serviceAccountRejected,
  unreachable,
} from './faults.ts';
import { Options } from './options.ts';
import { readJson } from './read-json.ts';

const WebConfig = z.object({
  projectId: z.string(),
  appId: z.string(),
  messagingSenderId: z.string().optional(),
  authDomain: z.string().optional(),
  storageBucket: z.string().optional(),
  measurementId: z.string().optional(),
});
const AuthProject = z.object({ projectId: z.string() });
const Project = z.object({ projectId: z.string(), projectNumber: z.string(), state: z.string().optional() });

/** Proves the web config by the app's own read of it, and the service account by a token that may only read, with which it reads the project. */
export async function probe({ credentials, options, http }: ProbeInput): Promise<ConnectionReport> {
  const values = checkForm(credentials);
  const wanted = Options.parse(options);
  if (wanted.storage && values.storageBucket === undefined) {
    throw rejected('storageBucket', "Paste storageBucket from the web app's config: file storage needs it.");
  }
  if (wanted.analytics && values.measurementId === undefined) {
    throw rejected('measurementId', "Paste measurementId from the web app's config: analytics needs it.");
  }
  const read: Read = async (url, headers) => {
    const reply = await http.fetch(url, { headers }).catch((cause: unknown) => {
      throw unreachable(cause);
    });
    const body = await readJson(reply);
    const problem = problemOf(body);
    const fault = outage(reply, problem);
    if (fault !== undefined) throw fault;
    return { status: reply.status, body, problem };
  };

  const notes = await readWebConfig(read, values, wanted);
  if (wanted.auth) notes.push(...(await readAuth(read, values)));
  const account = values.serviceAccount === undefined ? undefined : readServiceAccount(values.serviceAccount);
  if (account === undefined || 'fault' in account) {
    notes.push('Without a service account only the web config could be checked.');
  } else {
    const token = await fetchAccessToken(account, http);
    await readProject(read, token, values);
    notes.push('The service account is genuine and may read the project.');
  }
  if (wanted.firestore || wanted.storage) {
    notes.push('Reads alone cannot prove what the security rules let a signed-in person do.');
  }
  return { account: `the Firebase project ${values.projectId}`, mode: undefined, notes };
}

type Read = (
  url: string,
  headers: Record<string, string>,
) => Promise<{ status: number; body: unknown; problem: Problem }>;

function checkForm(credentials: ProbeInput['credentials']): Credentials {
  const checked = Credentials.safeParse(credentials);
  if (checked.success) return checked.data;
  const fields = checked.error.issues.map(({ path, message }) => ({ field: path.join('.'), fix: message }));
  const message = fields[0]?.fix ?? 'The values have not the form of those of Firebase.';
  throw new GraftError('credentials_rejected', message, { fields });
}

/** Reads the config that belongs to apiKey and appId, as the app itself does, and compares it with what was pasted. */
async function readWebConfig(read: Read, values: Credentials, wanted: Options): Promise<string[]> {
  const url = `https://firebase.googleapis.com/v1alpha/projects/-/apps/${values.appId}/webConfig`;
  const { status, body, problem } = await read(url, { 'x-goog-api-key': values.apiKey });
  if (isUnknownKey(problem)) throw apiKeyRejected(problem);
  const blocked = blockOf(problem);
  if (blocked === 'API_KEY_SERVICE_BLOCKED' && wanted.analytics) {
    const fix =
      'Allow the Firebase Management API for the apiKey at https://console.cloud.google.com/apis/credentials.';
    throw permissionMissing('apiKey', 'the Firebase Management API, which analytics asks', fix);
  }
  if (blocked !== undefined) {
    return [
      'Google knows the apiKey, but its restrictions let only the app use it: the other values could not be compared.',
    ];
  }
  if (status === 403 || status === 404) {
    throw rejected(
      'appId',
      'The project of apiKey has no web app with this appId. Copy all values from the config of one web app.',
    );
  }
  const config = WebConfig.safeParse(body);
  if (status !== 200 || !config.success) throw nonsense();
  const same = 'Copy all values from the config of one web app.';
  for (const field of ['projectId', 'appId', 'messagingSenderId', 'measurementId'] as const) {
    const [ours, theirs] = [values[field], config.data[field]];
    if (ours === undefined || theirs === undefined || ours === theirs) continue;
    throw rejected(field, `Firebase has another ${field} for this app. ${same}`);
  }
  const { storageBucket, authDomain, measurementId } = config.data;
  return [
    ...(authDomain === undefined || authDomain === values.authDomain
      ? []
      : ['Firebase has another authDomain for this app; a domain of your own is fine.']),
    ...(!wanted.storage || storageBucket === undefined || storageBucket === values.storageBucket
      ? []
      : ['Firebase has another storageBucket for this app; a further bucket of the project is fine.']),
    ...(wanted.analytics && measurementId === undefined
      ? ['Google Analytics is not on for this app: turn it on in the project settings, under Integrations.']
      : []),
  ];
}

/** Is Auth set up in the project? A project where it is not yet is no fault: the next steps have it. */
async function readAuth(read: Read, { apiKey, projectId }: Credentials): Promise<string[]> {
  const url = 'https://identitytoolkit.googleapis.com/v1/projects';
  const { status, body, problem } = await read(url, { 'x-goog-api-key': apiKey });
  if (isUnknownKey(problem)) throw apiKeyRejected(problem);
  const blocked = blockOf(problem);
  if (blocked === 'API_KEY_SERVICE_BLOCKED') {
    const fix = 'Allow the Identity Toolkit API for the apiKey at https://console.cloud.google.com/apis/credentials.';
    throw permissionMissing('apiKey', 'the Identity Toolkit API, which sign-in asks', fix);
  }
  if (blocked !== undefined) return [];
  if (/CONFIGURATION_NOT_FOUND/.test(problem.message) || problem.reasons.includes('SERVICE_DISABLED')) {
    return ['Authentication is not set up in the project yet; the next steps have the page.'];
  }
  if (status !== 200) return ['Whether Authentication is set up in the project could not be read.'];
  // Google answers with the number of the project, which appId holds, so only the form is compared.
  if (!AuthProject.safeParse(body).success) throw nonsense();
  return [`Authentication is set up in ${projectId}; which ways to sign in are on could not be read.`];
}

/** Reads the project as the service account; throws `permission_missing` where it may not. */
async function readProject(read: Read, token: string, values: Credentials): Promise<void> {
  const url = `https://firebase.googleapis.com/v1beta1/projects/${values.projectId}`;
  const { status, body, problem } = await read(url, { authorization: `Bearer ${token}` });
  if (problem.reasons.includes('SERVICE_DISABLED')) {
    const fix = `Turn it on at https://console.cloud.google.com/apis/library/firebase.googleapis.com?project=${values.projectId}.`;
    throw permissionMissing('serviceAccount', 'the Firebase Management API in the project', fix);
  }
  if (status === 403) {
    const fix = 'Give the account the role Firebase Viewer at https://console.cloud.google.com/iam-admin/iam.';
    throw permissionMissing('serviceAccount', 'firebase.projects.get', fix);
  }
  if (status === 401) throw serviceAccountRejected();
  if (status === 404) {
    throw rejected('projectId', 'There is no Firebase project with this projectId. Copy it from the project settings.');
  }
  const project = Project.safeParse(body);
  if (status !== 200 || !project.success) throw nonsense();
  if (project.data.state === 'DELETED') {
    throw rejected('projectId', 'The project is deleted. Restore it in the Google Cloud console, or use another one.');
  }
  if (project.data.projectNumber !== values.messagingSenderId) {
    throw rejected(
      'messagingSenderId',
      'The web config is of another project than projectId. Copy all values from one project.',
    );
  }
}

/** Google answers 400, not 401, to a key that it does not know. */
const isUnknownKey = ({ reasons, message }: Problem) =>
  reasons.includes('API_KEY_INVALID') || /^API key (not valid|expired)/.test(message);

/** Which restriction of the key stands in the way, undefined for none. */
const blockOf = ({ reasons }: Problem) => reasons.find((reason) => /^API_KEY_\w+_BLOCKED$/.test(reason));
