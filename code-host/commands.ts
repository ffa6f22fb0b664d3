import { type Command, commands } from '../contract/code-host.ts';

const isCommand = (word: string): word is Command => (commands as readonly string[]).includes(word);

/**
 * The first command that a comment gives, on a line of its own (`/graft retry`); undefined when it gives none. What stands
 * in a quote or a block of code is said about a command.
 */
export function commandIn(comment: string): Command | undefined {
  let fence: string | undefined;
  for (const line of comment.split(/\r?\n/)) {
    const [, mark] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined;
      continue;
    }
    fence = mark;
    const [, word = ''] = /^ {0,3}\/graft[ \t]+([a-z]+)[ \t]*$/.exec(line) ?? [];
    if (isCommand(word)) return word;
  }
  return undefined;
}
