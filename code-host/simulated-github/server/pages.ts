import type { Call } from './call.ts';
import { invalidRequest } from './problem.ts';

/** One page of a list, and the Link header to the others, which GitHub leaves out when there are none. */
export function page<Item>(
  call: Call,
  items: readonly Item[],
  defaultSize = 30,
): { items: readonly Item[]; headers: Record<string, string> } {
  const size = Math.min(wholeNumber(call, 'per_page', defaultSize), 100);
  const number = wholeNumber(call, 'page', 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (target: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(target));
    return `<${call.world.origin}${call.path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
    ...(number > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

function wholeNumber(call: Call, name: string, otherwise: number): number {
  const value = call.query.get(name);
  if (value === null) return otherwise;
  if (!/^\d+$/.test(value)) throw invalidRequest(`Invalid ${name}: ${value}`);
  return Math.max(1, Number(value));
}
