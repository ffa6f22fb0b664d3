import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** Folders with a `package.json` that patterns of a workspace name, those behind a `!` left out. */
export async function findMembers(root: string, patterns: readonly string[]): Promise<string[]> {
  if (patterns.length === 0) return [];
  const cleaned = patterns.map((pattern) => posix.normalize(`${pattern.replace(/^!/, '')}/.`));
  const wanted = cleaned.filter((_, index) => patterns[index]?.startsWith('!') === false);
  const unwanted = cleaned.filter((_, index) => patterns[index]?.startsWith('!') === true);
  const folders = (await findManifests(root, '')).map((path) => posix.dirname(path));
  const matches = (folder: string) => (pattern: string) => posix.matchesGlob(folder, pattern);
  return folders.filter((folder) => folder !== '.' && wanted.some(matches(folder)) && !unwanted.some(matches(folder)));
}

async function findManifests(root: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git')
      paths.push(...(await findManifests(root, path)));
    else if (entry.isFile() && entry.name === 'package.json') paths.push(path);
  }
  return paths.sort();
}
