import { diff3Merge } from 'node-diff3';

/** So many lines that differ are too many to be compared with each other. */
const linesAtMost = 5000;

/**
 * Merges two texts that began as `base`, by line as git does. Gives undefined when both sides changed the same lines, or neighbouring
 * ones, in different ways.
 */
export function mergeTexts(base: string, ours: string, theirs: string): string | undefined {
  const sides = [base, ours, theirs].map(linesOf);
  const start = countSame(sides, (lines, at) => lines[at]);
  const rest = sides.map((lines) => lines.slice(start));
  const end = countSame(rest, (lines, at) => lines[lines.length - 1 - at]);
  const [b = [], o = [], t = []] = rest.map((lines) => lines.slice(0, lines.length - end));
  if (Math.max(b.length, o.length, t.length) > linesAtMost) return undefined;
  const regions = diff3Merge(o, b, t);
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  const middle = regions.flatMap(({ ok }) => ok ?? []);
  const [first = []] = sides;
  return [...first.slice(0, start), ...middle, ...first.slice(first.length - end)].join('');
}

/** Lines with their ends, so that nothing is lost of how they are written. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function countSame(
  sides: readonly string[][],
  lineAt: (lines: readonly string[], at: number) => string | undefined,
): number {
  const least = Math.min(...sides.map((lines) => lines.length));
  let count = 0;
  while (count < least && new Set(sides.map((lines) => lineAt(lines, count))).size === 1) count += 1;
  return count;
}
