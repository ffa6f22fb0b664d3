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

/** `stripe`, or `stripe.second` with an alias: the name of a connector's code in an app, its record and its claim. */
export function codeName(connector: string, alias: string): string {
  return alias === '' ? connector : `${connector}.${alias}`;
}

/** The branch that carries an operation's commits. */
export function branchName(operation: 'install' | 'remove', installation: string): string {
  return `graft/${operation}/${installation}`;
}

export const workflowId = {
  install: (installation: string) => installation,
  remove: (installation: string) => `${installation}/remove`,
  testInstallation: (installation: string, request: string) => `${installation}/test/${request}`,
  testCredentials: (request: string) => `test/${request}`,
  inspect: (request: string) => `inspect/${request}`,
  plan: (request: string) => `plan/${request}`,
} as const;
