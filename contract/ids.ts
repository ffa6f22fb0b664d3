import type { CodeOperation } from './activities.ts';
import { type CodeChange, codeChanges } from './closed-sets.ts';

const prefixes = {
  project: 'prj',
  installation: 'ins',
  submission: 'sub',
  version: 'ver',
  token: 'tok',
  request: 'req',
} as const;
export type IdKind = keyof typeof prefixes;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const length = 26;

/** A new id such as `ins_…`: 130 random bits in lower-case Crockford base 32. Not for workflow code. */
export function newId(kind: IdKind): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  let id = '';
  for (const byte of bytes) id += alphabet[byte & 31];
  return `${prefixes[kind]}_${id}`;
}

/** Has this string the shape of an id of this kind? */
export function isId(kind: IdKind, value: string): boolean {
  return new RegExp(`^${prefixes[kind]}_[${alphabet}]{${length}}$`).test(value);
}

/** May this be an alias: a short word that fits file names and environment keys, or none? */
export function isAlias(value: string): boolean {
  return /^([a-z][a-z0-9]{0,19})?$/.test(value);
}

/** `stripe`, or `stripe.second` with an alias: the name of a connector's code in an app, its record and its claim. */
export function codeName(connector: string, alias: string): string {
  return alias === '' ? connector : `${connector}.${alias}`;
}

/** Names the issue that tells of one connector's drift; several apps may lie in one repository. */
export function driftKey(connector: string, alias: string, appDir: string): string {
  const name = `drift:${codeName(connector, alias)}`;
  return appDir === '' ? name : `${name}:${encodeURIComponent(appDir)}`;
}

/** The folder of all our branches. */
export const branchFolder = 'graft';

/** The branch that carries an operation's commits. */
export function branchName(operation: CodeChange, installation: string): string {
  return `${branchFolder}/${operation}/${installation}`;
}

/** The operation that a branch of ours is named for; undefined for any other branch. */
export function operationOfBranch(branch: string): CodeOperation | undefined {
  const [folder, name, installation = '', ...rest] = branch.split('/');
  if (folder !== branchFolder || rest.length > 0 || !isId('installation', installation)) return undefined;
  const operation = codeChanges.find((change) => change === name);
  return operation === undefined ? undefined : { operation, installation };
}

export const workflowId = {
  install: (installation: string) => installation,
  update: (installation: string) => `${installation}/update`,
  remove: (installation: string) => `${installation}/remove`,
  testInstallation: (installation: string, request: string) => `${installation}/test/${request}`,
  reopened: (installation: string, number: number) => `${installation}/reopened/${number}`,
  testCredentials: (request: string) => `test/${request}`,
  describe: (request: string) => `describe/${request}`,
  inspect: (request: string) => `inspect/${request}`,
  plan: (request: string) => `plan/${request}`,
} as const;
