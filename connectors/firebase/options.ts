import { z } from 'zod';

const flag = (fallback: boolean) => z.boolean('Say true or false.').default(fallback);

export const Options = z
  .strictObject(
    {
      sdk: z.enum(['js', 'native'], 'Choose js or native.').default('js'),
      auth: flag(true),
      firestore: flag(true),
      collection: z
        .string('Write the name of a collection.')
        .regex(
          /^(?!__)[A-Za-z][A-Za-z0-9_-]{0,62}$/,
          'Write the name of a collection: it begins with a letter, then letters, digits, - and _, such as notes.',
        )
        .default('notes'),
      storage: flag(false),
      analytics: flag(false),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `Firebase has no option named ${issue.keys.join(', ')}. Remove it.`
          : 'Send the options as an object.',
    },
  )
  .superRefine(({ auth, firestore, storage, analytics }, context) => {
    if (auth || firestore || storage || analytics) return;
    const message = 'Turn on at least one of auth, firestore, storage and analytics.';
    context.addIssue({ code: 'custom', path: ['auth'], message });
  });
export type Options = z.infer<typeof Options>;
