import { z } from 'zod';

export const prompts = ['button', 'start', 'provisional'] as const;
export const modes = ['production', 'development'] as const;

export const Options = z.strictObject(
  {
    permissionPrompt: z.enum(prompts, `Choose one of: ${prompts.join(', ')}.`).default('button'),
    inAppMessages: z.boolean('Say true or false.').default(true),
    mode: z.enum(modes, `Choose one of: ${modes.join(', ')}.`).default('production'),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `OneSignal has no option named ${issue.keys.join(', ')}. Remove it.`
        : 'Send the options as an object.',
  },
);
export type Options = z.infer<typeof Options>;
