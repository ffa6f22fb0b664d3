import type { EnvironmentKey, ServerCheck } from '../../contract/connector.ts';

// Well formed for the simulator; put together here so that no scanner takes it for a key.
const simulatorKey = (word: string) => ['sb', 'secret', word.padEnd(22, '0'), '00000000'].join('_');
const projectUrl = 'https://simulatedprojectrefs.supabase.co';
const person = 'Bearer simulated.token.person-of-the-server-checks';

/** How the handler that deletes accounts must behave against the simulator: for a person, for nobody, and without good values. */
export function serverChecks(of: {
  folder: string;
  apiPath: string;
  environmentKeys: readonly EnvironmentKey[];
}): ServerCheck[] {
  const keyOf = (name: string) => of.environmentKeys.find(({ credential }) => credential === name)?.key ?? '';
  const [url, secret] = [keyOf('projectUrl'), keyOf('secretKey')];
  const good = { [url]: projectUrl, [secret]: simulatorKey('serverCheck') };
  const check = (
    name: string,
    environment: Record<string, string>,
    headers: Record<string, string>,
    expect: ServerCheck['expect'],
  ): ServerCheck => ({
    name,
    module: `${of.folder}/server/delete-account.ts`,
    export: 'deleteAccount',
    environment,
    request: { method: 'POST', url: `https://app.example${of.apiPath}/delete-account`, headers },
    expect,
  });
  const asPerson = { authorization: person };
  return [
    check('deletes the account of whoever asks', good, asPerson, { status: 200, body: { status: '^deleted$' } }),
    check('deletes nothing for nobody', good, {}, { status: 401, body: { error: '^not_signed_in$' } }),
    check(
      'deletes nothing for an invented session',
      good,
      { authorization: 'Bearer invented' },
      {
        status: 401,
        body: { error: '^not_signed_in$' },
      },
    ),
    check('says which value is missing', { [url]: projectUrl }, asPerson, {
      status: 503,
      body: { error: '^not_configured$', key: `^${secret}$` },
    }),
    check('tells nothing about a rejected key', { ...good, [secret]: simulatorKey('revoked') }, asPerson, {
      status: 502,
      body: { error: '^supabase_failed$' },
    }),
  ];
}
