import type { PackageManager } from '../contract/closed-sets.ts';
import { fieldsOf, parseFields } from './json-fields.ts';
import { type Hosts, judgeSpecifier } from './specifier.ts';

/** Where each manager's lock file says an address of its own, besides npm's, which is JSON. */
const addresses: Readonly<Record<Exclude<PackageManager, 'npm' | 'none'>, RegExp>> = {
  pnpm: /\b(?:tarball|repo): '?([^,'}\s]+)/g,
  yarn1: /^ {2}resolved "([^"]+)"/gm,
  yarn: /^ {2}resolution: "[^"]*?(?:__archiveUrl=|@(?=git|https?|ssh))([^"&]+)/gm,
  bun: /"(?:(?:@[^/@"]+\/)?[^@"\s]+@)?((?:[\w-]+\+)?(?:https?|ssh|git|github):[^"]*)"/g,
};

/** A lock file says by itself where packages are fetched, whatever `package.json` says: a line for each place that is refused. */
export function judgeLock(manager: PackageManager, text: string, name: string, hosts: Hosts): string[] {
  if (manager === 'none') return [];
  if (manager === 'npm') return judgeNpmLock(text, name, hosts);
  const found = [...text.matchAll(addresses[manager])].map((match) => decodeURIComponent(match[1] ?? ''));
  return [...new Set(found)].flatMap((address) => {
    const judged = judgeSpecifier(address, '', hosts);
    return judged.kind === 'refused' ? [`${name}: ${address} ${judged.why}.`] : [];
  });
}

function judgeNpmLock(text: string, name: string, hosts: Hosts): string[] {
  const lock = parseFields(text);
  if (lock === undefined) return [`${name} is not a JSON object.`];
  const lines: string[] = [];
  for (const [path, entry] of Object.entries(fieldsOf(lock['packages']))) {
    const { resolved, link } = fieldsOf(entry);
    if (typeof resolved !== 'string') continue;
    const judged = judgeSpecifier(link === true && !resolved.includes(':') ? `./${resolved}` : resolved, '', hosts);
    if (judged.kind === 'refused') lines.push(`${name}: ${path} (${resolved}) ${judged.why}.`);
  }
  return lines;
}
