import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';

/** Where a person finds the web config of the project that is open in the console. */
export const settingsPage = 'https://console.firebase.google.com/project/_/settings/general';
/** Where a person makes the key of a service account. */
export const serviceAccountsPage = 'https://console.firebase.google.com/project/_/settings/serviceaccounts/adminsdk';
/** Google's one address for access tokens. */
export const tokenUrl = 'https://oauth2.googleapis.com/token';

const again = `Copy it again from the web app's config at ${settingsPage}.`;
const trimmed = 'Remove the spaces and line breaks before and after the value.';

const projectForm = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const senderForm = /^\d{5,20}$/;
const appIdForm = /^\d+:(\d+):(android|ios|web):[a-f0-9]+$/i;

/** A value of the web config; `faultOf` says what is wrong with one that is not empty, as the fix. */
function configValue(what: string, faultOf: (value: string) => string | undefined) {
  const paste = `Paste ${what} from the web app's config at ${settingsPage}.`;
  return z.string(paste).superRefine((value, context) => {
    const unquoted = /["',]/.test(value) ? 'Leave out the quotes and the comma around the value.' : undefined;
    const fault = value === '' ? paste : value === value.trim() ? (unquoted ?? faultOf(value)) : trimmed;
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
}

/** An optional field counts as left out when it is empty. */
const emptyAsUndefined = (value: unknown) => (value === '' ? undefined : value);

const ApiKey = configValue('apiKey', (value) => {
  if (value.startsWith('{')) return 'Paste apiKey alone here, not the whole config.';
  if (/PRIVATE KEY/.test(value)) return 'This is a private key, which must never be built into an app. Paste apiKey.';
  if (!value.startsWith('AIza')) return `An apiKey begins with AIza. ${again}`;
  if (!/^[\w-]+$/.test(value)) return `An apiKey has only letters, digits, _ and -. ${again}`;
  return value.length === 39 ? undefined : `An apiKey has 39 characters. ${again}`;
});

const AuthDomain = configValue('authDomain', (value) => {
  if (/^https?:/.test(value)) return 'Leave out https:// before the domain.';
  if (value.includes('/')) return 'Paste the domain alone, without a slash or a path.';
  return isDomain(value) ? undefined : `authDomain is a domain such as my-project.firebaseapp.com. ${again}`;
});

const ProjectId = configValue('projectId', (value) => {
  if (/^\d+$/.test(value)) return `This is the number of the project. Paste projectId, which has letters. ${again}`;
  if (projectForm.test(value)) return undefined;
  return `projectId has 6 to 30 small letters, digits and hyphens, such as my-project. ${again}`;
});

const SenderId = configValue('messagingSenderId', (value) =>
  senderForm.test(value) ? undefined : `messagingSenderId has only digits. ${again}`,
);

const AppId = configValue('appId', (value) => {
  const platform = appIdForm.exec(value)?.[2];
  if (platform === 'web') return undefined;
  if (platform === undefined) return `appId looks like 1:123456789012:web:0123456789abcdef. ${again}`;
  return `This is the id of the project's ${platform} app. Paste the appId of its web app, and add one to the project where there is none.`;
});

const StorageBucket = configValue('storageBucket', (value) => {
  if (value.startsWith('gs://')) return 'Leave out gs:// before the bucket.';
  return isDomain(value) || /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(value)
    ? undefined
    : `storageBucket is a name such as my-project.firebasestorage.app. ${again}`;
});

const MeasurementId = configValue('measurementId', (value) =>
  /^G-[A-Z0-9]{4,20}$/.test(value) ? undefined : `measurementId looks like G-ABCDEF1234. ${again}`,
);

const isDomain = (value: string) => /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(value);

/** What is used of the key file of a service account. */
export interface ServiceAccount {
  projectId: string;
  email: string;
  privateKeyId: string | undefined;
  privateKey: string;
}

const KeyFile = z.object({
  type: z.string().optional(),
  project_id: z.string(),
  private_key_id: z.string().optional(),
  private_key: z.string(),
  client_email: z.string().regex(/^[^@\s]+@[^@\s]+\.gserviceaccount\.com$/),
  token_uri: z.string().optional(),
});

const anew = `Make a new key at ${serviceAccountsPage} and paste the whole file.`;

/** Reads a pasted key file; gives what is wrong with it, said as the fix, where it is none that Graft may use. */
export function readServiceAccount(text: string): ServiceAccount | { fault: string } {
  const json = parseJson(text);
  if (json === undefined) return { fault: `This is not JSON, or not all of it. ${anew}` };
  const kind = z.object({ type: z.string() }).safeParse(json).data?.type;
  if (kind !== 'service_account') return { fault: faultOfKind(json) };
  const file = KeyFile.safeParse(json);
  if (!file.success) {
    const names = file.error.issues.map(({ path }) => path.join('.')).join(', ');
    return { fault: `In the key file this is missing or not as Google writes it: ${names}. ${anew}` };
  }
  const { project_id, private_key_id, private_key, client_email, token_uri = tokenUrl } = file.data;
  if (token_uri !== tokenUrl) {
    return {
      fault: `token_uri must be ${tokenUrl}: whoever it names is asked for access tokens. Download the key file from Google again, and change nothing in it.`,
    };
  }
  if (!isRsaKey(private_key)) return { fault: `private_key is cut off or changed. ${anew}` };
  return { projectId: project_id, email: client_email, privateKeyId: private_key_id, privateKey: private_key };
}

function faultOfKind(json: unknown): string {
  const has = (name: string) => typeof json === 'object' && json !== null && name in json;
  if (has('project_info')) return `This is google-services.json, which goes into the app. ${anew}`;
  if (has('apiKey')) return `This is the web config, whose values go into the other fields. ${anew}`;
  if (has('installed') || has('web')) return `This is an OAuth client. ${anew}`;
  return `The type of the key file must be service_account. ${anew}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

const ServiceAccountText = z
  .string(`Paste the whole key file of a service account. ${anew}`)
  .superRefine((text, context) => {
    const read = readServiceAccount(text);
    if ('fault' in read) context.addIssue({ code: 'custom', message: read.fault });
  });

const fields = 'apiKey, authDomain, projectId, messagingSenderId and appId';

export const Credentials = z
  .strictObject(
    {
      apiKey: ApiKey,
      authDomain: AuthDomain,
      projectId: ProjectId,
      messagingSenderId: SenderId,
      appId: AppId,
      storageBucket: z.preprocess(emptyAsUndefined, StorageBucket.optional()),
      measurementId: z.preprocess(emptyAsUndefined, MeasurementId.optional()),
      serviceAccount: z.preprocess(emptyAsUndefined, ServiceAccountText.optional()),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `Firebase takes ${fields}, and storageBucket, measurementId and serviceAccount where there are any. Remove the other fields.`
          : `Send an object with ${fields}.`,
    },
  )
  .superRefine(({ projectId, messagingSenderId, appId, serviceAccount }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    // Where a value has not even its form, that is said of it, and no more.
    const number = appIdForm.exec(appId)?.[1];
    if (number !== undefined && senderForm.test(messagingSenderId) && number !== messagingSenderId) {
      refuse('appId', 'appId belongs to another project than messagingSenderId. Copy both from the same config.');
    }
    const account = serviceAccount === undefined ? undefined : readServiceAccount(serviceAccount);
    if (account === undefined || 'fault' in account || !projectForm.test(projectId)) return;
    if (account.projectId !== projectId) {
      refuse(
        'serviceAccount',
        'The service account belongs to another project than projectId. Use values of one project.',
      );
    }
  });
export type Credentials = z.infer<typeof Credentials>;
