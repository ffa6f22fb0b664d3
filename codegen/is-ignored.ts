import type { Snapshot } from '../contract/codegen.ts';
import { decodeText } from './draft.ts';

/** Does a `.gitignore` between the repository's root and the app's folder cover this file of the app? The last pattern that fits decides, as in git. */
export function isIgnored(snapshot: Snapshot, appDir: string, name: string): boolean {
  const parts = appDir === '' ? [] : appDir.split('/');
  let ignored = false;
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const file = snapshot.get([...parts.slice(0, depth), '.gitignore'].join('/'));
    const path = [...parts.slice(depth), name];
    for (const line of (file === undefined ? '' : (decodeText(file) ?? '')).split(/\r?\n/)) {
      const pattern = line.trimEnd();
      if (pattern === '' || pattern.startsWith('#')) continue;
      const negated = pattern.startsWith('!');
      if (fits(negated ? pattern.slice(1) : pattern, path)) ignored = !negated;
    }
  }
  return ignored;
}

/** Does a pattern fit the file, or a folder on the way to it? `path` is relative to the pattern's own folder. */
function fits(pattern: string, path: readonly string[]): boolean {
  const onlyFolders = pattern.endsWith('/');
  const body = pattern.replace(/\/$/, '');
  const anchored = body.includes('/');
  const matcher = new RegExp(`^${translate(body.replace(/^\//, ''))}$`);
  return path.some((part, index) => {
    if (onlyFolders && index === path.length - 1) return false;
    return matcher.test(anchored ? path.slice(0, index + 1).join('/') : part);
  });
}

function translate(pattern: string): string {
  return pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[!?(?:\\.|[^\]\\])+\]|\\.|[.+^${}()|\\[\]]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (/^\[./.test(part)) return part.replace('[!', '[^').replaceAll(/\\?(.)-\\?(.)/g, dropEmptyRange);
    return part.startsWith('\\') ? part : `\\${part}`;
  });
}

/** A range that goes backwards holds nothing for git, and is no pattern in JavaScript. */
function dropEmptyRange(range: string, from: string, to: string): string {
  return from > to ? '' : range;
}
