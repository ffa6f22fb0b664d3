import { GraftError } from '../contract/errors.ts';

interface ErrorLink {
  name: string;
  code?: string;
  /** Only of our own errors: a driver's message quotes the query's values. */
  message?: string;
  at: string[];
}

/** An error and its causes as a log may hold them: names, codes and places in the code, no foreign message. */
export function describeError(error: unknown): ErrorLink[] {
  const links: ErrorLink[] = [];
  for (let link = error; link instanceof Error && links.length < 5; link = link.cause) {
    const code: unknown = Reflect.get(link, 'code');
    links.push({
      name: link.constructor.name,
      ...(typeof code === 'string' && /^[\w-]{1,64}$/.test(code) ? { code } : {}),
      ...(link instanceof GraftError ? { message: link.message } : {}),
      at: framesOf(link),
    });
  }
  return links;
}

function framesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n');
  return lines
    .filter((line) => /^ {4}at [^\n]*:\d+:\d+\)?$/.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
}
