import { GraftError } from '../contract/errors.ts';

const linksFollowed = 40;

/** Throws `code_host_refused` for a path that would not stay inside the folder it is written to. */
export function checkPath(path: string): void {
  const safe = path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git');
  if (!safe || path.includes('\0')) throw refusedPath(path, 'is no path of a file in a repository. Remove it.');
}

/** Throws `code_host_refused` when a symbolic link of a tree (path → target) leads out of the tree, also through others. */
export function checkLinks(links: ReadonlyMap<string, string>): void {
  for (const path of links.keys()) {
    if (leaves(path, links)) throw refusedPath(path, 'is a symbolic link out of the repository. Remove or replace it.');
  }
}

function leaves(path: string, links: ReadonlyMap<string, string>): boolean {
  const ahead = path.split('/');
  const walked: string[] = [];
  let followed = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (walked.pop() === undefined) return true;
      continue;
    }
    walked.push(part);
    const target = links.get(walked.join('/'));
    if (target === undefined) continue;
    if (target.startsWith('/')) return true;
    // A circle of links leads nowhere, so not out either.
    if (++followed > linksFollowed) return false;
    walked.pop();
    ahead.unshift(...target.split('/'));
  }
  return false;
}

export function refusedPath(path: string, why: string): GraftError {
  return new GraftError('code_host_refused', `${JSON.stringify(path)} ${why}`, { details: { path } });
}
