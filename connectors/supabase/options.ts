import { z } from 'zod';

const flag = (fallback: boolean) => z.boolean('Say true or false.').default(fallback);

const serverUrl = z
  .string('Write the address of the server, or leave it empty.')
  .refine(
    (value) => value === '' || /^https?:\/\/[^\s/?#'"`\\$@]+(\/[\w.~-]+)*$/.test(value),
    'Write the address of the server as https://api.example.com, without a slash at its end, or leave it empty.',
  );

export const Options = z
  .strictObject(
    {
      auth: flag(true),
      oauth: flag(false),
      sessionStorage: z.enum(['sqlite', 'async-storage'], 'Choose sqlite or async-storage.').default('sqlite'),
      accountDeletion: flag(false),
      serverUrl: serverUrl.default(''),
      database: flag(true),
      realtime: flag(false),
      table: z
        .string('Write the name of a table.')
        .regex(
          /^[a-z_][a-z0-9_]{0,62}$/,
          'Write the name of a table of the schema public: small letters, digits and _, such as todos.',
        )
        .default('todos'),
      storage: flag(false),
      bucket: z
        .string('Write the name of a bucket.')
        .regex(
          /^[a-z0-9][a-z0-9_-]{1,62}$/,
          'Write the name of a bucket of Storage: small letters, digits, - and _, such as uploads.',
        )
        .default('uploads'),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `Supabase has no option named ${issue.keys.join(', ')}. Remove it.`
          : 'Send the options as an object.',
    },
  )
  .superRefine((options, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (!options.auth && !options.database && !options.realtime && !options.storage) {
      refuse('auth', 'Turn on at least one of auth, database, realtime and storage.');
    }
    if (options.oauth && !options.auth) refuse('oauth', 'Signing in with a provider needs auth. Turn auth on.');
    if (options.accountDeletion && !options.auth) {
      refuse('accountDeletion', 'Deleting accounts needs auth. Turn auth on.');
    }
  });
export type Options = z.infer<typeof Options>;
