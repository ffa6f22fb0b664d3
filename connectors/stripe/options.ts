import { z } from 'zod';

const currencies = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

const currency = z.string('Write a currency such as usd.').superRefine((code, context) => {
  if (currencies.has(code)) return;
  const lower = code.trim().toLowerCase();
  const message = currencies.has(lower)
    ? `Write the currency as ${lower}.`
    : 'Write the three letters of an ISO 4217 currency in lower case, such as usd, eur or sar.';
  context.addIssue({ code: 'custom', message });
});

const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const country = z
  .string('Write the country of the business, such as US.')
  .refine(
    (code) => /^[A-Z]{2}$/.test(code) && countryNames.of(code) !== undefined,
    'Write the two capital letters of the country of the business (ISO 3166), such as US, GB or SA.',
  );

const serverUrl = z
  .string('Write the address of the server, or leave it empty.')
  .refine(
    (value) => value === '' || /^https?:\/\/[^\s/?#'"`\\$@]+(\/[\w.~-]+)*$/.test(value),
    'Write the address of the server as https://api.example.com, without a slash at its end, or leave it empty.',
  );

const flag = (fallback: boolean) => z.boolean('Say true or false.').default(fallback);

export const Options = z
  .strictObject(
    {
      oneTimePayments: flag(true),
      subscriptions: flag(false),
      webhooks: flag(false),
      applePay: flag(false),
      googlePay: flag(false),
      currency: currency.default('usd'),
      merchantDisplayName: z
        .string('Write the name of the business.')
        .regex(
          /^(?! )[^\p{Cc}\p{Zl}\p{Zp}\\`$]{1,60}(?<! )$/u,
          'Write the name of the business as people know it: 1 to 60 characters on one line, without \\, ` and $.',
        )
        .default('My store'),
      merchantCountry: country.default('US'),
      merchantIdentifier: z
        .string('Write the merchant identifier.')
        .regex(
          /^$|^merchant\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/,
          'A merchant identifier looks like merchant.com.example.app. Copy it from Certificates, Identifiers & Profiles at Apple.',
        )
        .default(''),
      serverUrl: serverUrl.default(''),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `Stripe has no option named ${issue.keys.join(', ')}. Remove it.`
          : 'Send the options as an object.',
    },
  )
  .superRefine((options, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (!options.oneTimePayments && !options.subscriptions) {
      refuse('oneTimePayments', 'Turn on one-time payments, subscriptions, or both.');
    }
    if (options.applePay && options.merchantIdentifier === '') {
      refuse('merchantIdentifier', 'Apple Pay needs the merchant identifier, such as merchant.com.example.app.');
    }
  });
export type Options = z.infer<typeof Options>;
