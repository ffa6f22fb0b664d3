import { posix } from 'node:path';

/** What a dependency's specifier asks for, as far as it decides what may be fetched. */
export type Specifier =
  | { kind: 'registry' }
  /** A path from the root of the copied folder. */
  | { kind: 'local'; path: string }
  | { kind: 'refused'; why: string };

/** Hosts a package may come from by its own address: `registry.example` or `registry.example:8080`. */
export type Hosts = ReadonlySet<string>;

/** Judges one specifier of a `package.json` in `folder` (relative to the root, empty for it); ranges, tags, aliases and inner paths pass. */
export function judgeSpecifier(specifier: string, folder: string, hosts: Hosts): Specifier {
  const text = specifier.trim();
  if (/^(?:file:|\.{1,2}(?:\/|$)|~\/|\/)/.test(text)) return judgePath(text.replace(/^file:(?:\/\/)?/, ''), folder);
  if (/^https?:/i.test(text)) return judgeAddress(text, hosts);
  const alias = /^npm:((?:@[^/@]+\/)?[^/@:]+)(?:@(.*))?$/.exec(text);
  const range = alias === null ? text : (alias[2] ?? '');
  if (!/[/\\:]/.test(range)) return { kind: 'registry' };
  return { kind: 'refused', why: 'is fetched by git or an unknown protocol' };
}

function judgePath(path: string, folder: string): Specifier {
  if (path.startsWith('/') || path.startsWith('~')) return { kind: 'refused', why: 'is outside of the repository' };
  const joined = posix.normalize(posix.join(folder, path)).replace(/\/$/, '');
  if (joined === '..' || joined.startsWith('../')) return { kind: 'refused', why: 'is outside of the repository' };
  return { kind: 'local', path: joined === '.' ? '' : joined };
}

function judgeAddress(address: string, hosts: Hosts): Specifier {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && hosts.has(url.host) && url.username === '') return { kind: 'registry' };
  return { kind: 'refused', why: `comes from ${url?.host ?? 'no host'}, which the operator does not allow` };
}
