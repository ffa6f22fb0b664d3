/**
 * The exact version of a package that an app's lock file holds, undefined when it does not say. `path` is the lock's path from the
 * repository's root, `appDir` the app's; `range` is what its package.json asks for.
 */
export function readLockedVersion(
  path: string,
  text: string,
  appDir: string,
  { name, range }: { name: string; range: string },
): string | undefined {
  const lockDir = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const app = lockDir === '' ? appDir : appDir.slice(lockDir.length + 1);
  const file = path.slice(path.lastIndexOf('/') + 1);
  if (file === 'package-lock.json' || file === 'npm-shrinkwrap.json') return npmVersion(text, app, name);
  if (file === 'pnpm-lock.yaml') return pnpmVersion(text, app, name);
  if (file === 'yarn.lock') return yarnVersion(text, name, range);
  return file === 'bun.lock' ? bunVersion(text, app, name) : undefined;
}

/** npm nests a package under the workspace that needs another version than the root's. */
function npmVersion(text: string, app: string, name: string): string | undefined {
  const nested = app === '' ? [] : [`${app}/node_modules/${name}`];
  for (const key of [...nested, `node_modules/${name}`]) {
    const entry = text.indexOf(`"${key}": {`);
    if (entry === -1) continue;
    const version = /"version":\s*"([^"]+)"/.exec(text.slice(entry, text.indexOf('}', entry)));
    if (version?.[1] !== undefined) return version[1];
  }
  return undefined;
}

function pnpmVersion(text: string, app: string, name: string): string | undefined {
  // A document about pnpm itself may stand before the lock file.
  const lines = (text.split(/^---\r?$/m).at(-1) ?? '').split(/\r?\n/);
  const importer = lines.findIndex((line) => line === `  ${app === '' ? '.' : app}:`);
  if (importer === -1) return undefined;
  for (let index = importer + 1; index < lines.length && /^ {4}|^$/.test(lines[index] ?? ''); index += 1) {
    if (lines[index] !== `      ${name}:` && lines[index] !== `      '${name}':`) continue;
    return /^\s+version: '?([0-9][^('\s]*)/.exec(lines[index + 2] ?? '')?.[1];
  }
  return undefined;
}

/** An entry is headed by all that is asked of it; a range that stands nowhere (`catalog:`) means the only version there is. */
function yarnVersion(text: string, name: string, range: string): string | undefined {
  const versionsOf = (asked: string) => {
    const entry = `^(?:[^\\s#].*[,\\s"])?"?${escape(name)}@${asked}(?:"|,|:)[^\\n]*\\r?\\n\\s+version:?\\s+"?([0-9][^"\\s]*)`;
    return [...text.matchAll(new RegExp(entry, 'gm'))].map((match) => match[1]);
  };
  const [exact] = versionsOf(`(?:npm:)?${escape(range)}`);
  const [only, ...others] = new Set(versionsOf('(?:npm:)?[^:,"]*'));
  return exact ?? (others.length === 0 ? only : undefined);
}

/** bun nests a package under the name of the member that needs another version than the root's. */
function bunVersion(text: string, app: string, name: string): string | undefined {
  const member =
    app === '' ? undefined : new RegExp(`^ *"${escape(app)}": \\{\\s*"name": "([^"]+)"`, 'm').exec(text)?.[1];
  for (const key of [...(member === undefined ? [] : [`${member}/${name}`]), name]) {
    const version = new RegExp(`^\\s*"${escape(key)}": \\["${escape(name)}@([0-9][^"]*)"`, 'm').exec(text)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** A name as a regular expression takes it, letter for letter. */
export function escape(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
