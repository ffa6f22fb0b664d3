import { longestRun } from '../plain-text.ts';

/** The end of a log as a Markdown block of at most so many characters, saying so where the beginning is cut off. */
export function logBlock(log: string, charactersAtMost: number): string {
  // Longer than any run of its characters in the log, so that nothing in it ends the block.
  const longest = Math.max(2, longestRun(log));
  const fence = '`'.repeat(longest + 1);
  const whole = wrap(fence, log.trimEnd());
  if (whole.length <= charactersAtMost) return whole;
  const note = 'The beginning of the log is cut off; this is its end.\n\n';
  const left = charactersAtMost - note.length - wrap(fence, '').length;
  if (left <= 0) return note.slice(0, Math.max(0, charactersAtMost));
  return note + wrap(fence, log.trimEnd().slice(-left).toWellFormed());
}

function wrap(fence: string, text: string): string {
  return `${fence}text\n${text}\n${fence}`;
}
