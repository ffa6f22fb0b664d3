import { z } from 'zod';

export const keysPage = 'https://dashboard.onesignal.com (the app, Settings, Keys & IDs)';

const prefix = 'os_v2_app_';
const askAppId = `Paste the OneSignal App ID from ${keysPage}.`;
const askKey = `Paste the App API key, which begins with ${prefix}, from ${keysPage}.`;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is wrong with an App ID's form, said as the fix; undefined when nothing is. */
function faultOfAppId(id: string): string | undefined {
  if (id === '') return askAppId;
  if (id !== id.trim()) return 'Remove the spaces and line breaks before and after the App ID.';
  if (id.startsWith('os_v2_')) return `This is a secret key, which must never be built into an app. ${askAppId}`;
  if (!uuid.test(id)) {
    return `An App ID looks like 12345678-90ab-4cde-8f01-234567890abc. ${askAppId}`;
  }
  return undefined;
}

/** What is wrong with a key's form, said as the fix; undefined when nothing is. */
function faultOfKey(key: string): string | undefined {
  if (key === '') return askKey;
  if (key !== key.trim()) return 'Remove the spaces and line breaks before and after the key.';
  if (key.startsWith('os_v2_org_')) {
    return `This is the key of an organization, which opens all its apps. ${askKey}`;
  }
  if (uuid.test(key)) return `This is an ID and not a key. ${askKey}`;
  if (!key.startsWith(prefix)) {
    return `Keys of the old kind are not taken: OneSignal makes no more of them. Add a key there and paste it; it begins with ${prefix}. You find it at ${keysPage}.`;
  }
  const rest = key.slice(prefix.length);
  if (/[*.…•]/.test(rest)) {
    return 'This is the masked form of the key. OneSignal shows a key only once: add a new one and copy all of it.';
  }
  if (!/^[a-z2-7]*$/.test(rest)) {
    return 'After its beginning a key has only small letters and the digits 2 to 7. Copy it again, whole and alone.';
  }
  if (rest.length < 90) return 'The key is cut off. Copy all of it.';
  if (rest.length > 120) return 'This is longer than any OneSignal key. Copy the key once, and nothing else.';
  return undefined;
}

function checked(ask: string, faultOf: (value: string) => string | undefined) {
  return z.string(ask).superRefine((value, context) => {
    const fault = faultOf(value);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });
}

export const Credentials = z.strictObject(
  { appId: checked(askAppId, faultOfAppId), apiKey: checked(askKey, faultOfKey) },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? 'OneSignal takes appId and apiKey only. Remove the other fields.'
        : 'Send an object with appId and apiKey.',
  },
);
export type Credentials = z.infer<typeof Credentials>;

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Does the key's own text name this app? It is base32, and its first 16 bytes are the App ID in the keys that are known;
 * OneSignal documents this nowhere, so it may explain a refusal but refuses nothing.
 */
export function namesApp({ appId, apiKey }: Credentials): boolean {
  const letters = apiKey.slice(prefix.length, prefix.length + 26);
  const bits = Array.from(letters, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const hex = Array.from({ length: 32 }, (_, at) => Number.parseInt(bits.slice(at * 4, at * 4 + 4), 2).toString(16));
  return hex.join('') === appId.replaceAll('-', '').toLowerCase();
}
