import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testValuePublisher } from '../../test/conformance/value-publisher.ts';
import { type GithubHostUnderTest, closeGithub, makeGithubHost } from '../../test/harness/github-code-host.ts';
import { createGithubValues } from './values.ts';

const files = { 'readme.md': { mode: '100644', text: 'one\n' } } as const;

async function makePublisher(kind: 'app' | 'token', environment?: string) {
  const made = await makeGithubHost(files, kind);
  if (environment !== undefined) await made.github.createEnvironment(made.repository, environment);
  return {
    publisher: createGithubValues(made.connection),
    repository: made.repository,
    async valuesAt() {
      const { github, repository } = made;
      return { ...github.secrets(repository, environment), ...github.variables(repository, environment) };
    },
    remove: async () => await made.remove(),
  };
}

testValuePublisher('github, a repository', async () => await makePublisher('app'));
testValuePublisher('github, an environment of a repository', async () => await makePublisher('token', 'development'));

describe('values at GitHub', () => {
  let made: GithubHostUnderTest;
  beforeEach(async () => {
    made = await makeGithubHost(files, 'app');
  });
  afterEach(async () => await made.remove());
  const target = (environment: 'production' | 'staging') => ({
    project: 'prj_1',
    repository: made.repository,
    environment,
  });

  it('stand in the environment of the same name where there is one, else in the repository', async () => {
    const { github, repository, connection } = made;
    await github.createEnvironment(repository, 'production');
    const publisher = createGithubValues(connection);
    expect(await publisher.placeOf(target('production'))).toBe(`github:${repository}/environments/production`);
    expect(await publisher.placeOf(target('staging'))).toBe(`github:${repository}`);
    await publisher.publish(await publisher.placeOf(target('production')), { KEY: { value: 'live', secret: true } });
    await publisher.publish(await publisher.placeOf(target('staging')), { KEY: { value: 'test', secret: true } });
    expect(github.secrets(repository, 'production')).toEqual({ KEY: 'live' });
    expect(github.secrets(repository)).toEqual({ KEY: 'test' });
  });

  it('are secret or readable as they are declared', async () => {
    const publisher = createGithubValues(made.connection);
    const place = await publisher.placeOf(target('staging'));
    await publisher.publish(place, { HIDDEN: { value: 'a', secret: true }, SHOWN: { value: 'b', secret: false } });
    expect(made.github.secrets(made.repository)).toEqual({ HIDDEN: 'a' });
    expect(made.github.variables(made.repository)).toEqual({ SHOWN: 'b' });
  });

  it('are listed the same however often nothing changed', async () => {
    const publisher = createGithubValues(made.connection);
    const place = await publisher.placeOf(target('staging'));
    for (const name of ['FIRST', 'SECOND']) {
      const before = await publisher.list(place);
      for (let again = 0; again < 3; again++) expect(await publisher.list(place)).toEqual(before);
      await publisher.publish(place, { [name]: { value: 'a', secret: false } });
    }
    expect(await publisher.list(place)).toEqual(['FIRST', 'SECOND']);
  });

  it('have no name that GitHub keeps to itself or would write otherwise', async () => {
    const publisher = createGithubValues(made.connection);
    const place = await publisher.placeOf(target('staging'));
    for (const name of ['GITHUB_KEY', 'github_key', 'lower']) {
      await expect(publisher.publish(place, { [name]: { value: 'x', secret: true } })).rejects.toMatchObject({
        code: 'invalid_request',
        fields: [{ field: name }],
      });
    }
  });

  it('are in no error, whatever GitHub answers', async () => {
    const publisher = createGithubValues(made.connection);
    const place = await publisher.placeOf(target('staging'));
    // GitHub repeats a value that it refuses; 48 KB is as much as it takes.
    const value = 'let-it-out'.repeat(6000);
    const refused: unknown = await publisher
      .publish(place, { TOO_LONG: { value, secret: false } })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'code_host_refused' });
    const { message, cause, details } = refused as Error & { details: unknown };
    expect([message, String(cause), JSON.stringify(details)].join()).not.toContain('let-it-out');
    made.proxy.fail({ method: 'POST', path: /variables/, fault: { kind: 'bad_gateway' } });
    await expect(publisher.publish(place, { KEY: { value: 'x', secret: false } })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

afterAll(closeGithub);
