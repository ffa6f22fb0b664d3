import { parseArgs } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { isId } from '../contract/ids.ts';
import { type Database, closeDatabase, connectDatabase } from '../db/connect.ts';
import { getProject } from '../db/queries/projects.ts';
import { createToken, listTokens, revokeToken } from '../db/queries/tokens.ts';
import { databaseUrl } from './database-url.ts';
import { runCommand } from './run-command.ts';

const usage = `Usage:
  npm run -s token -- create --name <name> --scopes read,write,admin [--project prj_…]
  npm run -s token -- list
  npm run -s token -- revoke tok_…`;
const scopes = ['read', 'write', 'admin'] as const;
type Scope = (typeof scopes)[number];

/** Makes, lists and revokes tokens for the API. What `create` prints is the token and nothing else. */
async function token(): Promise<number> {
  const { positionals, values } = parse();
  const [command, id, ...more] = positionals;
  const work =
    command === 'create' && id === undefined
      ? (database: Database) => create(database, values)
      : command === 'list' && id === undefined
        ? list
        : command === 'revoke' && id !== undefined && more.length === 0
          ? (database: Database) => revoke(database, id)
          : undefined;
  if (work === undefined) throw new GraftError('invalid_request', usage);
  const database = connectDatabase(databaseUrl(), { connections: 1 });
  try {
    process.stdout.write(`${await work(database)}\n`);
    return 0;
  } finally {
    await closeDatabase(database);
  }
}

interface Values {
  name?: string;
  scopes?: string;
  project?: string;
}

function parse(): { positionals: string[]; values: Values } {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ allowPositionals: true, options: { name: text, scopes: text, project: text } });
  } catch (cause) {
    throw new GraftError('invalid_request', usage, { cause });
  }
}

async function create(database: Database, values: Values): Promise<string> {
  if (!values.name || !values.scopes) throw new GraftError('invalid_request', usage);
  const project = values.project ?? null;
  if (project !== null) await getProject(database, project);
  const made = await createToken(database, { name: values.name, scopes: parseScopes(values.scopes), project });
  return made.token;
}

function parseScopes(text: string): Scope[] {
  const wanted = text.split(',').map((scope) => scope.trim());
  const unknown = wanted.find((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown !== undefined) {
    throw new GraftError('invalid_request', `There is no scope "${unknown}". Choose from ${scopes.join(', ')}.`);
  }
  return scopes.filter((scope) => wanted.includes(scope));
}

async function list(database: Database): Promise<string> {
  const tokens = await listTokens(database);
  if (tokens.length === 0) return 'There are no tokens.';
  return tokens
    .map(({ id, name, scopes: granted, project, createdAt, revokedAt }) =>
      [
        id,
        granted.join(','),
        project ?? 'all projects',
        `made ${createdAt.toISOString()}`,
        revokedAt === null ? 'valid' : `revoked ${revokedAt.toISOString()}`,
        name,
      ].join('  '),
    )
    .join('\n');
}

async function revoke(database: Database, given: string): Promise<string> {
  // A whole token is accepted too; its first half is its id.
  const [id = ''] = given.split('.');
  if (isId('token', id) && (await revokeToken(database, id))) return `Revoked ${id}.`;
  throw new GraftError('not_found', `There is no valid token "${id}". See "npm run -s token -- list".`);
}

await runCommand(token);
