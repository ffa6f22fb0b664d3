import { z } from 'zod';

const flag = z.boolean('Say true or false.').default(false);

export const Options = z.strictObject(
  {
    entitlement: z
      .string('Write the identifier of the entitlement.')
      .regex(
        /^(?! )[^\p{Cc}\p{Zl}\p{Zp}\\`$]{1,200}(?<! )$/u,
        'Write the identifier of the entitlement as the dashboard shows it: 1 to 200 characters on one line, without \\, ` and $.',
      )
      .default('pro'),
    paywall: flag,
    customerCenter: flag,
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `RevenueCat has no option named ${issue.keys.join(', ')}. Remove it.`
        : 'Send the options as an object.',
  },
);
export type Options = z.infer<typeof Options>;
