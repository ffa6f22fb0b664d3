import { parse } from 'dotenv';
import { GraftError } from '../../contract/errors.ts';

// An object cannot hold `__proto__` as a plain key, so dotenv loses it.
const nameShape = /^(?!__proto__$)[A-Za-z_][A-Za-z0-9_]*$/;

/** The values of an env file by name. */
export function readEnvText(text: string): Record<string, string> {
  return parse(text);
}

/** An env file from which dotenv reads exactly these values, sorted by name; throws `invalid_request`, never with a value. */
export function writeEnvText(values: Readonly<Record<string, string>>): string {
  const lines = Object.keys(values)
    .sort()
    .map((name) => {
      checkName(name);
      return `${name}=${written(name, values[name] ?? '')}\n`;
    });
  return lines.join('');
}

/** Throws `invalid_request` unless this can be the name of an environment variable. */
export function checkName(name: string): void {
  if (nameShape.test(name)) return;
  throw new GraftError('invalid_request', `${JSON.stringify(name)} cannot be the name of an environment variable.`, {
    fields: [{ field: name, fix: 'Use letters, digits and underscores; begin with a letter.' }],
  });
}

/**
 * dotenv ends a quoted value at the next quote of its kind that no backslash precedes, turns `\n` and `\r` of double
 * quotes into line ends, and makes one line feed of every bare line end.
 */
function written(name: string, value: string): string {
  if (value.isWellFormed()) {
    if (/^[^\s'"`#]*$/.test(value)) return value;
    for (const quote of ["'", '`']) {
      if (!value.includes(quote) && !/\r|\\$/.test(value)) return quote + value + quote;
    }
    if (!/"|\\[nr]|\\$/.test(value)) return `"${value.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
  }
  throw new GraftError('invalid_request', `The value of ${name} cannot be written to an env file.`, {
    fields: [{ field: name, fix: 'Leave out one kind of quotes, or the backslash at its end.' }],
  });
}
