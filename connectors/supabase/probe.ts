import { z } from 'zod';
import type { ProbeInput, ProbeResult } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { Credentials, formOf, refOf } from './credentials.ts';
import { type Field, nonsense, refusal, rejected, unreachable } from './faults.ts';
import { Options } from './options.ts';
import { readSchema } from './read-schema.ts';
import type { Schema } from './schema.ts';

const Settings = z.object({ external: z.record(z.string(), z.boolean()), disable_signup: z.boolean() });
const Problem = z.object({
  code: z.union([z.string(), z.number()]).optional(),
  error_code: z.string().optional(),
  message: z.string().optional(),
});
const Bucket = z.object({ id: z.string(), public: z.boolean() });

/** Proves the keys by reads alone: the settings of Auth (publishable key), no row of the table, and one page of users (secret key). */
export async function probe({ credentials, options, http }: ProbeInput): Promise<ProbeResult> {
  const keys = checkForm(credentials);
  const wanted = Options.parse(options);
  const usesTables = wanted.database || wanted.realtime;
  if (wanted.accountDeletion && keys.secretKey === undefined) {
    const fix = 'Paste a secret key, which begins with sb_secret_: the handler that deletes accounts needs it.';
    throw new GraftError('credentials_rejected', fix, { fields: [{ field: 'secretKey', fix }] });
  }
  const ref = refOf(keys.projectUrl) ?? '';
  const read: Read = async (path, field, headers) => {
    const reply = await http.fetch(`${keys.projectUrl}${path}`, { headers }).then(
      async (response) => ({ response, body: await readJson(response) }),
      (cause: unknown) => {
        throw unreachable(ref, cause);
      },
    );
    const problem = Problem.safeParse(reply.body).data ?? {};
    const fault = refusal(reply.response, problem, { field, ref });
    if (fault !== undefined) throw fault;
    return { status: reply.response.status, body: reply.body, problem };
  };
  const asApp = { apikey: keys.publishableKey };

  const notes = await readSettings(read, asApp, wanted);
  let schema: Schema | undefined;
  if (usesTables) notes.push(await readTable(read, asApp, wanted));
  if (keys.secretKey !== undefined) {
    const asServer = { apikey: keys.secretKey, authorization: `Bearer ${keys.secretKey}` };
    await readUsers(read, asServer);
    if (usesTables) schema = await readTypes(read, asServer);
    if (wanted.storage) notes.push(await readBucket(read, asServer, wanted.bucket));
  } else if (wanted.storage)
    notes.push(`The publishable key cannot tell whether the bucket ${wanted.bucket} is there.`);
  if (formOf(keys.publishableKey).kind === 'anon' || formOf(keys.secretKey ?? '').kind === 'service_role') {
    notes.push('Supabase is retiring legacy keys (anon, service_role): move to publishable and secret keys.');
  }
  if (usesTables) notes.push(schemaNote(schema, keys.secretKey !== undefined));
  notes.push('Reads alone cannot prove what row level security lets a signed-in person do.');
  const report = { account: `the Supabase project ${ref}`, mode: undefined, notes };
  return schema === undefined ? report : { ...report, discovered: { schema } };
}

type Read = (
  path: string,
  /** The field whose value a refusal is about. */
  field: Field,
  headers: Record<string, string>,
) => Promise<{ status: number; body: unknown; problem: z.infer<typeof Problem> }>;

/** The credentials when their form is right and no legacy key has come to the end that it carries in itself. */
function checkForm(credentials: ProbeInput['credentials']): Credentials {
  const checked = Credentials.safeParse(credentials);
  if (!checked.success) {
    const fields = checked.error.issues.map(({ path, message }) => ({ field: path.join('.'), fix: message }));
    const message = fields[0]?.fix ?? 'The values have not the form of those of Supabase.';
    throw new GraftError('credentials_rejected', message, { fields });
  }
  for (const field of ['publishableKey', 'secretKey'] as const) {
    const { expires } = formOf(checked.data[field] ?? '');
    if (expires !== undefined && expires * 1000 <= Date.now()) throw rejected('expired', field);
  }
  return checked.data;
}

/** Undefined for a body that is no JSON. A body that ends early or is too long counts as none. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

async function readSettings(read: Read, headers: Record<string, string>, wanted: Options): Promise<string[]> {
  const { status, body } = await read('/auth/v1/settings', 'publishableKey', headers);
  const settings = Settings.safeParse(body);
  if (status !== 200 || !settings.success) throw nonsense();
  if (!wanted.auth) return [];
  const { external, disable_signup: closed } = settings.data;
  const providers = ['apple', 'azure', 'discord', 'facebook', 'github', 'google', 'twitter'];
  const on = providers.filter((name) => external[name] === true);
  return [
    ...(external['email'] === true ? [] : ['Signing in by e-mail is turned off in the project.']),
    ...(closed ? ['The project takes no new accounts: sign-ups are turned off.'] : []),
    ...(wanted.oauth && on.length === 0 ? ['No provider such as Google or Apple is turned on in the project.'] : []),
    ...(wanted.oauth && on.length > 0 ? [`Turned on in the project: ${on.join(', ')}.`] : []),
  ];
}

/** Asks for no rows of the table; throws `permission_missing` when an app without sign-in may not read it. */
async function readTable(read: Read, headers: Record<string, string>, { table, auth }: Options): Promise<string> {
  const { status, body, problem } = await read(`/rest/v1/${table}?select=*&limit=0`, 'publishableKey', headers);
  if (status === 200 && Array.isArray(body)) return `The table ${table} answers to the publishable key.`;
  if (problem.code === 'PGRST205' || problem.code === '42P01') {
    return `The project has no table ${table} in the schema public yet; the next steps have the SQL.`;
  }
  if (problem.code === '42501' && auth) {
    return `Nobody may read the table ${table} without signing in; grants for people who have signed in could not be checked.`;
  }
  const grants = { '42501': `select on public.${table} to anon`, PGRST106: 'the Data API access to the schema public' };
  const missing = Object.entries(grants).find(([code]) => code === problem.code)?.[1];
  if (missing === undefined) throw nonsense();
  const fix = `Grant ${missing} in the project, or choose another table.`;
  throw new GraftError('permission_missing', `The key is genuine, but may not read the table ${table}. ${fix}`, {
    fields: [{ field: 'publishableKey', fix }],
    details: { permissions: [missing] },
  });
}

/** Keeps nothing of the page: that it comes proves the key. */
async function readUsers(read: Read, headers: Record<string, string>): Promise<void> {
  const { status, body, problem } = await read('/auth/v1/admin/users?page=1&per_page=1', 'secretKey', headers);
  if (status === 200 && z.object({ users: z.array(z.unknown()) }).safeParse(body).success) return;
  if (status !== 403) throw nonsense();
  if (problem.error_code === 'bad_jwt') throw rejected('unknown', 'secretKey');
  const fix = 'Paste a secret key whose role is service_role.';
  throw new GraftError('permission_missing', `The secret key is genuine, but has not the role service_role. ${fix}`, {
    fields: [{ field: 'secretKey', fix }],
    details: { permissions: ['service_role'] },
  });
}

/** What the Data API says of the schema, which it tells to secret keys alone; undefined when it does not. Throws when it wants to be asked later. */
async function readTypes(read: Read, headers: Record<string, string>): Promise<Schema | undefined> {
  try {
    const { status, body } = await read('/rest/v1/', 'secretKey', { ...headers, 'accept-profile': 'public' });
    return status === 200 ? readSchema(body) : undefined;
  } catch (error) {
    // A large schema may take longer than the database allows, each time.
    if (!(error instanceof GraftError) || error.details['status'] === 429) throw error;
    return undefined;
  }
}

function schemaNote(schema: Schema | undefined, isAsked: boolean): string {
  if (schema !== undefined) {
    const tables = schema.relations.length;
    return `The schema public has ${tables} ${tables === 1 ? 'table or view' : 'tables and views'}, whose types the code can have.`;
  }
  return isAsked
    ? 'The schema could not be read, so that the types of the tables are an example.'
    : 'Without a secret key the schema cannot be read, so that the types of the tables are an example.';
}

async function readBucket(read: Read, headers: Record<string, string>, bucket: string): Promise<string> {
  const { status, body } = await read(`/storage/v1/bucket/${bucket}`, 'secretKey', headers);
  // Storage answers 400 and has the status it means in the body.
  const meant = z.object({ statusCode: z.string() }).safeParse(body).data?.statusCode ?? String(status);
  const found = Bucket.safeParse(body);
  if (status === 200 && found.success) {
    return found.data.public
      ? `The bucket ${bucket} is public: everybody with the address of a file can read it.`
      : `The bucket ${bucket} is there, and private.`;
  }
  if (meant === '404') return `The project has no bucket ${bucket} yet; the next steps have the SQL.`;
  throw nonsense();
}
