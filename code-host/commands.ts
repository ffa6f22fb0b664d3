import { type Command, commands } from '../contract/code-host.ts';

const isCommand = (word: string): word is Command => (commands as readonly string[]).includes(word);

/** The command that a comment gives, on a line of its own (`/graft retry`); undefined when it gives none. */
export function commandIn(comment: string): Command | undefined {
  // A quoted line repeats what somebody else said.
  const [, word = ''] = /^\s{0,3}\/graft[ \t]+([a-z]+)[ \t]*\r?$/m.exec(comment) ?? [];
  return isCommand(word) ? word : undefined;
}
