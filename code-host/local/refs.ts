import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { absent } from '../absent.ts';
import { findRepository } from './repository.ts';

// What only we write, and never as news: the kept head of a pull request and the list of our own commits.
const notNews = /^refs\/graft\/(?:commits\/|pull\/\d+\/head$)/;

/**
 * A fingerprint of what people can change in a repository of the local code host: HEAD, every branch and tag, and the
 * stored pull requests. Reads files only, so that a watcher may ask every second; throws `not_found`.
 */
export async function readRefs(root: string, repository: string): Promise<string> {
  const folder = await findRepository(root, repository);
  // Loose refs first: git writes the packed ones before it removes the loose.
  const loose = await readLoose(folder, 'refs');
  const refs = new Map([...(await readPacked(folder)), ...loose]);
  const lines = [...refs].filter(([name]) => !notNews.test(name)).map(([name, value]) => `${name} ${value}\n`);
  const head = await readText(path.join(folder, 'HEAD'));
  const tables = await readText(path.join(folder, 'reftable', 'tables.list'));
  return createHash('sha256')
    .update([head, tables, ...lines.sort()].join(''))
    .digest('hex');
}

async function readLoose(folder: string, name: string): Promise<readonly [string, string][]> {
  const entries = await readdir(path.join(folder, name), { withFileTypes: true }).catch(absent);
  const found = await Promise.all(
    (entries ?? []).map(async (entry): Promise<readonly [string, string][]> => {
      const inside = `${name}/${entry.name}`;
      if (entry.isDirectory()) return await readLoose(folder, inside);
      if (!entry.isFile() || entry.name.endsWith('.lock')) return [];
      const value = (await readText(path.join(folder, inside))).trim();
      return value === '' ? [] : [[inside, value]];
    }),
  );
  return found.flat();
}

async function readPacked(folder: string): Promise<readonly [string, string][]> {
  const lines = (await readText(path.join(folder, 'packed-refs'))).split('\n');
  return lines.flatMap((line): [string, string][] => {
    const [, value, name] = /^([0-9a-f]+) (refs\/.+)$/.exec(line) ?? [];
    return value === undefined || name === undefined ? [] : [[name, value]];
  });
}

async function readText(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(absent)) ?? '';
}
