import { z } from 'zod';

const keysPage = 'https://dashboard.stripe.com/apikeys';

interface KeyForm {
  /** What to paste, as a person calls it. */
  what: string;
  prefixes: readonly string[];
  /** Beginnings of values that are often pasted by mistake, and what each is. */
  mistaken: Readonly<Record<string, string>>;
}

const publishable: KeyForm = {
  what: 'publishable key',
  prefixes: ['pk_test_', 'pk_live_'],
  mistaken: {
    sk_: 'This is a secret key. It must never be built into an app: paste the publishable key, which begins with pk_, here.',
    rk_: 'This is a restricted key, which is a secret. Paste the publishable key, which begins with pk_, here.',
    whsec_: 'This is a webhook signing secret. Paste the publishable key, which begins with pk_, here.',
  },
};

const secret: KeyForm = {
  what: 'secret key',
  prefixes: ['sk_test_', 'sk_live_', 'rk_test_', 'rk_live_'],
  mistaken: {
    pk_: 'This is a publishable key. Paste the secret key, which begins with sk_ or rk_, here.',
    whsec_: 'This is a webhook signing secret. Paste the secret key, which begins with sk_ or rk_, here.',
    sk_org_:
      'This is a key of an organization. Paste a key of the account itself, which begins with sk_test_ or sk_live_.',
  },
};

const webhook: KeyForm = {
  what: 'webhook signing secret',
  prefixes: ['whsec_'],
  mistaken: {
    we_: 'This is the id of an endpoint. Reveal its signing secret, which begins with whsec_, and paste that.',
    pk_: 'This is a publishable key. Paste the signing secret of the webhook, which begins with whsec_, or leave it out.',
    sk_: 'This is a secret key. Paste the signing secret of the webhook, which begins with whsec_, or leave it out.',
    rk_: 'This is a restricted key. Paste the signing secret of the webhook, which begins with whsec_, or leave it out.',
  },
};

/** What is wrong with a key's form, said as the fix; undefined when nothing is. Lengths are those that Stripe's own keys have. */
function faultOf(key: string, form: KeyForm): string | undefined {
  if (key === '') return `Paste the ${form.what} from ${keysPage}.`;
  if (key !== key.trim()) return 'Remove the spaces and line breaks before and after the key.';
  const mistaken = Object.keys(form.mistaken).find((prefix) => key.startsWith(prefix));
  if (mistaken) return form.mistaken[mistaken];
  const prefix = form.prefixes.find((one) => key.startsWith(one));
  if (!prefix) return `A ${form.what} begins with ${form.prefixes.join(' or ')}. Copy it again from ${keysPage}.`;
  const rest = key.slice(prefix.length);
  if (/[*.…•]/.test(rest))
    return 'This is the masked form of the key. Reveal the key in the dashboard and copy all of it.';
  if (!/^[A-Za-z0-9]*$/.test(rest)) {
    return 'After its beginning a key has only letters and digits. Copy it again, whole and alone.';
  }
  if (rest.length < 10) return 'The key is cut off. Copy all of it.';
  if (rest.length > 247) return 'This is longer than any Stripe key. Copy the key once, and nothing else.';
  return undefined;
}

function keySchema(form: KeyForm) {
  return z.string(`Paste the ${form.what} from ${keysPage}.`).superRefine((key, context) => {
    const fault = faultOf(key, form);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });
}

/** `test` or `live` as the key's own prefix says; undefined for what is no key. */
export function modeOfKey(key: string | undefined): 'test' | 'live' | undefined {
  return /^[a-z]+_(test|live)_/.exec(key ?? '')?.[1] as 'test' | 'live' | undefined;
}

export const Credentials = z
  .strictObject(
    {
      publishableKey: keySchema(publishable),
      secretKey: keySchema(secret),
      webhookSecret: keySchema(webhook).optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? 'Stripe takes publishableKey, secretKey and webhookSecret only. Remove the other fields.'
          : 'Send an object with publishableKey and secretKey, and webhookSecret where webhooks are on.',
    },
  )
  .superRefine(({ publishableKey, secretKey }, context) => {
    const mode = modeOfKey(secretKey);
    if (faultOf(publishableKey, publishable) || faultOf(secretKey, secret) || modeOfKey(publishableKey) === mode)
      return;
    const message = `The secret key is a ${mode} key and the publishable key is not. Copy both from the same mode of the dashboard.`;
    context.addIssue({ code: 'custom', path: ['publishableKey'], message });
  });
export type Credentials = z.infer<typeof Credentials>;
