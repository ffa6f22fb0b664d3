import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../contract/ids.ts';
import { type TestApi, startTestApi } from '../test/harness/api.ts';

// Nothing listens at that address: these are about all that comes before Temporal, or without it.
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi('127.0.0.1:1');
});
afterAll(() => api.stop());

describe('every answer', () => {
  it('carries a request id, and a sane one of the caller', async () => {
    const own = await api.call('GET', '/connectors', { headers: { 'X-Request-Id': 'trace-12345678' } });
    expect(own.headers.get('X-Request-Id')).toBe('trace-12345678');
    for (const bad of ['a b', 'x'.repeat(65), '<script>']) {
      const { headers } = await api.call('GET', '/connectors', { headers: { 'X-Request-Id': bad } });
      expect(headers.get('X-Request-Id')).toMatch(/^req_[0-9a-z]{26}$/);
    }
    expect(own.headers.get('Cache-Control')).toBe('no-store');
    expect(own.headers.has('X-Powered-By')).toBe(false);
  });

  it('that refuses is a problem document', async () => {
    const { status, headers, body } = await api.call('GET', `/projects/${newId('project')}`);
    expect(status).toBe(404);
    expect(headers.get('Content-Type')).toMatch(/^application\/problem\+json/);
    expect(body).toEqual({
      type: 'urn:graft:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: expect.stringContaining('GET /projects'),
      errors: [{ field: 'project', fix: expect.stringContaining('GET /projects') }],
      instance: `urn:graft:request:${headers.get('X-Request-Id')}`,
      requestId: headers.get('X-Request-Id'),
    });
    expect((await api.call('GET', '/nothing')).status).toBe(404);
    expect((await fetch(`${api.url}/nothing`)).status).toBe(404);
    expect((await api.call('GET', '/projects/%E0%A4%A')).status).toBe(404);
  });

  it('to what is our fault says the request id and nothing else', async () => {
    const installation = await api.queue(await api.newProject('damaged'), 'active');
    const { project: place, id } = installation;
    const artifact = await api.artifacts.put(place, Buffer.from('{}'));
    await api.owner.execute(sql`insert into plans (installation, operation, base_commit, plan_hash, artifact)
      values (${id}, 'install', 'c', 'h', ${artifact})`);
    const failure = async () => {
      const { status, body, headers } = await api.call('GET', `/projects/${place}/connectors/${id}/plan`);
      const requestId = headers.get('X-Request-Id');
      expect([status, body]).toEqual([
        500,
        {
          type: 'urn:graft:problem:internal',
          title: 'Internal',
          status: 500,
          code: 'internal',
          instance: `urn:graft:request:${requestId}`,
          requestId,
        },
      ]);
      expect(api.logged()).toContain(String(requestId));
    };
    // A plan of another shape is an error that nobody named; a damaged artifact is one of ours, and stays inside all the same.
    await failure();
    const file = join(api.artifactsFolder, place, artifact);
    await rm(file);
    await writeFile(file, 'damaged');
    await failure();
    expect(api.logged()).toContain('artifact_damaged');
  });
});

describe('bodies', () => {
  it.each([
    ['over 64 KiB', { body: JSON.stringify({ name: 'x'.repeat(65 * 1024) }) }, 413, 'body_too_large', 'body'],
    ['no JSON', { body: '{"name": "canary-value' }, 422, 'invalid_request', 'body'],
    [
      'of another type',
      { body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported_media_type',
      'Content-Type',
    ],
    [
      'compressed',
      { body: '{}', headers: { 'Content-Encoding': 'gzip' } },
      415,
      'unsupported_media_type',
      'Content-Encoding',
    ],
    [
      'in another charset',
      { body: '{}', headers: { 'Content-Type': 'application/json; charset=latin1' } },
      415,
      'unsupported_media_type',
      'Content-Type',
    ],
    ['no object', { body: '[]' }, 422, 'invalid_request', 'body'],
    ['missing', {}, 422, 'invalid_request', 'name'],
  ])('%s: refused with the field and the fix', async (_what, given, status, code, field) => {
    const answer = await api.call('POST', '/projects', given);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.body['errors']).toContainEqual({ field, fix: expect.stringMatching(/^(Send|Give|The body) /) });
    expect(answer.text).not.toContain('canary-value');
  });

  it('name a repository in one way only, so that nobody registers it twice', async () => {
    const { status, body } = await api.call('POST', '/projects', {
      body: { name: 'a', codeHost: 'local', repository: 'app.git' },
    });
    expect([status, body['errors']]).toMatchObject([422, [{ field: 'repository' }]]);
  });

  it('name each wrong and unknown field with the fix', async () => {
    const { status, body } = await api.call('POST', '/projects', {
      body: {
        name: '',
        codeHost: 'sourceforge',
        repository: '../other',
        appDir: '/etc',
        extra: 1,
        'sk_live_secret value': 1,
      },
    });
    expect(status).toBe(422);
    expect(body['errors']).toEqual([
      { field: 'name', fix: expect.stringContaining('1 to 100 characters') },
      { field: 'codeHost', fix: 'Choose one of: local, github.' },
      { field: 'appDir', fix: expect.stringContaining('no . or ..') },
      { field: 'extra', fix: expect.stringContaining('Remove this field') },
      { field: '(another name)', fix: expect.stringContaining('Remove this field') },
      { field: 'repository', fix: expect.stringContaining('paths are not taken') },
    ]);
    for (const appDir of ['..', 'a/../b', 'a//b', 'a/', './a', 'a\\b'])
      expect(
        (await api.call('POST', '/projects', { body: { name: 'a', codeHost: 'local', repository: 'a', appDir } })).body[
          'errors'
        ],
      ).toMatchObject([{ field: 'appDir' }]);
  });
});

describe('a project at GitHub', () => {
  const make = (more: Record<string, unknown>) =>
    api.call('POST', '/projects', { body: { name: 'a', codeHost: 'github', repository: 'octo/app', ...more } });

  it.each([
    'app',
    'octo/',
    '/app',
    'octo/app/more',
    'octo/..',
    'octo/.',
    'octo/app.git',
    'octo/a b',
    '-octo/app',
    'octo-/app',
    'oc--to/app',
    'oc_to/app',
    `${'o'.repeat(40)}/app`,
    `octo/${'a'.repeat(101)}`,
    'https://github.com/octo/app',
    '../app',
    'octo/app\n',
  ])('named %j is refused', async (repository) => {
    const { status, body } = await make({ repository });
    expect([status, body['errors']]).toMatchObject([
      422,
      [{ field: 'repository', fix: expect.stringContaining('owner/name') }],
    ]);
  });

  it('named as GitHub names them is looked at', async () => {
    const names = ['octo/app', 'Octo-Org/.github', 'o/A.b_c-d', `${'o'.repeat(39)}/${'a'.repeat(100)}`];
    const answers = await Promise.all(names.map((repository) => make({ repository, driftReport: 'issue' })));
    expect(answers.map(({ body }) => body['code'])).toEqual(names.map(() => 'unavailable'));
  });

  it('may be told of drift by an issue, one on disk may not', async () => {
    const { status, body } = await make({ codeHost: 'local', repository: 'app', driftReport: 'issue' });
    expect([status, body['errors']]).toMatchObject([
      422,
      [{ field: 'driftReport', fix: expect.stringContaining('keeps no issues') }],
    ]);
  });
});

describe('beside the api', () => {
  it('says that it lives, that it is not ready, and what it counted', async () => {
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${api.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, database: true, temporal: false }]);
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/graft_installations\{status="active",environment="development"\} [1-9]/);
    expect(text).toMatch(/graft_http_requests_total\{method="POST",route="\/projects",status="422"\} [1-9]/);
  });

  it('logged no credential and no token', () => {
    expect(api.logged()).toContain('request answered');
    for (const secret of ['xxxxxxxx', 'canary-value', 'Bearer']) expect(api.logged()).not.toContain(secret);
  });
});
