import { posix } from 'node:path';

/** What a dependency's specifier asks for, as far as it decides what may be fetched. */
export type Specifier =
  | { kind: 'registry' }
  /** A path from the root of the copied folder. */
  | { kind: 'local'; path: string }
  /** The registry's, changed by a patch of the tree. */
  | { kind: 'patched'; path: string }
  | { kind: 'refused'; why: string };

/** Hosts a package may come from by its own address: `registry.example` or `registry.example:8080`. */
export type Hosts = ReadonlySet<string>;

/** What npm and yarn write into lock files whatever registry they are told to fetch from. */
export const publicRegistries: Hosts = new Set(['registry.npmjs.org', 'registry.yarnpkg.com']);

/** Judges one specifier of a `package.json` in `folder` (relative to the root, empty for it); ranges, tags, aliases and inner paths pass. */
export function judgeSpecifier(specifier: string, folder: string, hosts: Hosts): Specifier {
  const text = specifier.trim();
  if (/^(?:file:|\.{1,2}(?:\/|$)|~\/|\/)/.test(text)) return judgePath(text.replace(/^file:(?:\/\/)?/, ''), folder);
  if (/^https?:/i.test(text)) return judgeAddress(text, hosts);
  if (/^(?:link|portal):/.test(text)) return judgePath(text.slice(text.indexOf(':') + 1), folder);
  // A member of the workspace, or a range that is named elsewhere and judged there.
  if (/^workspace:[\w^~*.-]*$/.test(text) || /^catalog:[\w-]*$/.test(text)) return { kind: 'registry' };
  const patch = /^patch:(?:@[^/@]+\/)?[^/@]+@([^#]+)#(?:optional!)?(.+)$/.exec(text);
  if (patch !== null) return judgePatch(decodeURIComponent(patch[1] ?? ''), patch[2] ?? '', folder, hosts);
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

/** yarn names a patch by its path from the root, behind `~/`, or from the folder, and its own by a word. */
function judgePatch(range: string, path: string, folder: string, hosts: Hosts): Specifier {
  const inner = judgeSpecifier(range, folder, hosts);
  if (inner.kind !== 'registry' || /^builtin<[\w/]+>$/.test(path)) return inner;
  const file = judgePath(path.replace(/^~\//, ''), path.startsWith('~/') ? '' : folder);
  return file.kind === 'local' ? { kind: 'patched', path: file.path } : file;
}

function judgeAddress(address: string, hosts: Hosts): Specifier {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && hosts.has(url.host) && url.username === '') return { kind: 'registry' };
  return { kind: 'refused', why: `comes from ${url?.host ?? 'no host'}, which the operator does not allow` };
}
