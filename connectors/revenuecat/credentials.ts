import { z } from 'zod';

const keysPage = 'https://app.revenuecat.com (the project, API keys)';

interface KeyForm {
  /** What to paste, as a person calls it. */
  what: string;
  prefix: string;
}

/** The keys of an app, which are public, by the field that takes each. */
export const publicForms = {
  iosKey: { what: 'App Store SDK key', prefix: 'appl_' },
  androidKey: { what: 'Play Store SDK key', prefix: 'goog_' },
  testStoreKey: { what: 'Test Store SDK key', prefix: 'test_' },
} as const satisfies Record<string, KeyForm>;
export type PublicField = keyof typeof publicForms;

const secretForm: KeyForm = { what: 'V2 secret key', prefix: 'sk_' };

/** Beginnings of values that are often pasted by mistake, and what each is; the longer ones first. */
const known: readonly [prefix: string, what: string][] = [
  ['sk_test_', 'a Stripe secret key'],
  ['sk_live_', 'a Stripe secret key'],
  ['appl_', 'the App Store SDK key, which belongs in iosKey'],
  ['goog_', 'the Play Store SDK key, which belongs in androidKey'],
  ['test_', 'the Test Store SDK key, which belongs in testStoreKey'],
  ['sk_', 'a secret key, which must never be built into an app'],
  ['amzn_', 'an Amazon SDK key'],
  ['strp_', 'a Stripe SDK key'],
  ['rcb_', 'a Web Billing SDK key'],
  ['roku_', 'a Roku SDK key'],
  ['atk_', 'an OAuth token'],
  ['rtk_', 'an OAuth token'],
];

/** What is wrong with a key's form, said as the fix; undefined when nothing is. */
function faultOf(key: string, { what, prefix }: KeyForm): string | undefined {
  if (key !== key.trim()) return 'Remove the spaces and line breaks before and after the key.';
  const other = known.find(([beginning]) => key.startsWith(beginning));
  if (other && other[0] !== prefix) {
    return `This is ${other[1]}. Paste the ${what}, which begins with ${prefix}, here.`;
  }
  if (!key.startsWith(prefix)) return `The ${what} begins with ${prefix}. Copy it again from ${keysPage}.`;
  const rest = key.slice(prefix.length);
  if (/[*.…•]/.test(rest))
    return 'This is the masked form of the key. Show the key in the dashboard and copy all of it.';
  if (!/^[A-Za-z0-9]*$/.test(rest)) {
    return 'After its beginning a key has only letters and digits. Copy it again, whole and alone.';
  }
  if (rest.length < 8) return 'The key is cut off. Copy all of it.';
  if (rest.length > 120) return 'This is longer than any RevenueCat key. Copy the key once, and nothing else.';
  return undefined;
}

function keySchema(form: KeyForm) {
  return z.string(`Paste the ${form.what} from ${keysPage}.`).superRefine((key, context) => {
    const fault = key === '' ? `Paste the ${form.what} from ${keysPage}.` : faultOf(key, form);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });
}

/** An empty field of a form is one that was left out. */
const optionalKey = (form: KeyForm) =>
  z.preprocess((value) => (value === '' ? undefined : value), keySchema(form).optional());

export const Credentials = z
  .strictObject(
    {
      iosKey: optionalKey(publicForms.iosKey),
      androidKey: optionalKey(publicForms.androidKey),
      testStoreKey: optionalKey(publicForms.testStoreKey),
      secretKey: keySchema(secretForm),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? 'RevenueCat takes iosKey, androidKey, testStoreKey and secretKey only. Remove the other fields.'
          : 'Send an object with secretKey and at least one of iosKey, androidKey and testStoreKey.',
    },
  )
  .superRefine(({ iosKey, androidKey, testStoreKey }, context) => {
    if (iosKey !== undefined || androidKey !== undefined || testStoreKey !== undefined) return;
    const message = 'Paste the SDK key of at least one store: App Store, Play Store or Test Store.';
    context.addIssue({ code: 'custom', path: ['iosKey'], message });
  });
export type Credentials = z.infer<typeof Credentials>;
