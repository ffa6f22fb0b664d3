import type { Json } from './call.ts';
import { invalidRequest } from './problem.ts';

const shown = (value: unknown) => (value === null ? 'nil' : JSON.stringify(value));

/** A string of the body, undefined when it was not sent; 422 for anything else. */
export function optionalText(body: Json, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidRequest(`For 'properties/${name}', ${shown(value)} is not a string.`);
}

/** A string of the body that GitHub insists on. */
export function text(body: Json, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  return value;
}

/** A string or null. */
export function nullableText(body: Json, name: string): string | null | undefined {
  return body[name] === null ? null : optionalText(body, name);
}

/** A truth value of the body. */
export function flag(body: Json, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw invalidRequest(`For 'properties/${name}', ${shown(value)} is not a boolean.`);
}

/** An object of the body. */
export function object(body: Json, name: string): Json | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw invalidRequest(`For 'properties/${name}', ${shown(value)} is not an object.`);
}

/** A list of the body. */
export function list(body: Json, name: string): readonly unknown[] | undefined {
  const value = body[name];
  if (value === undefined || Array.isArray(value)) return value as readonly unknown[] | undefined;
  throw invalidRequest(`For 'properties/${name}', ${shown(value)} is not an array.`);
}

/** A list of strings of the body. */
export function texts(body: Json, name: string): readonly string[] | undefined {
  return list(body, name)?.map((item) => {
    if (typeof item === 'string') return item;
    throw invalidRequest(`For 'items', ${shown(item)} is not a string.`);
  });
}

/** One of the words that the description allows. */
export function oneOf<Word extends string>(body: Json, name: string, words: readonly Word[]): Word | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw invalidRequest(`${String(value)} is not a member of ${JSON.stringify(words)}.`);
}
