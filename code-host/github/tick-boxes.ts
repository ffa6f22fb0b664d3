import { type Command, commands } from '../../contract/code-host.ts';

// A line of a list with a box and our hidden name: `- [x] Try again <!-- graft:retry -->`.
const box = /^([ \t]*[-*+] \[)([ xX])(\] .*<!-- graft:([a-z]+) -->[ \t]*)$/gm;

const isCommand = (word: string): word is Command => (commands as readonly string[]).includes(word);

/** Commands whose box is ticked in the text of a pull request. */
export function tickedIn(body: string): readonly Command[] {
  const ticked = [...body.matchAll(box)].filter(([, , tick]) => tick !== ' ').map(([, , , , command = '']) => command);
  return [...new Set(ticked)].filter(isCommand);
}

/** The same text with the box of one command empty. */
export function untick(body: string, command: Command): string {
  return body.replaceAll(box, (line, before: string, _tick, after: string, of: string) =>
    of === command ? `${before} ${after}` : line,
  );
}

/** A new text with the boxes ticked that are ticked in the old one: what people asked for is not lost by it. */
export function keepTicks(old: string, text: string): string {
  const ticked: readonly string[] = tickedIn(old);
  return text.replaceAll(box, (line, before: string, _tick, after: string, of: string) =>
    ticked.includes(of) ? `${before}x${after}` : line,
  );
}
