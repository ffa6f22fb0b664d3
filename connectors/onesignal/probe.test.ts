import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Probe, ProbeInput } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import { onesignal } from './index.ts';
import { appId, key, recorded, valuesOf } from './samples.ts';

const otherKey = key('good', 'ffffffff-ffff-4fff-8fff-ffffffffffff');

let probe: Probe;
beforeAll(async () => {
  probe = await onesignal.loadProbe();
});
const run = (reply: () => Response, change: Partial<ProbeInput> = {}) =>
  probe({
    credentials: valuesOf(),
    options: {},
    environment: 'production',
    http: { fetch: async () => reply() },
    ...change,
  });
const replay = (name: string) => () => {
  const { status, headers, body } = recorded(name);
  return new Response(JSON.stringify(body), { status, headers });
};
const refusal =
  (status: number, message = 'No.') =>
  () =>
    new Response(JSON.stringify({ errors: [message] }), { status });

describe('documented replies', () => {
  it('prove that the key opens the app, and say what is not proved', async () => {
    const asked: [string, HeadersInit | undefined][] = [];
    const fetch = async (input: string | URL | Request, init?: RequestInit) => {
      asked.push([String(input), init?.headers]);
      return replay('segments')();
    };
    const report = await run(replay('segments'), { http: { fetch } });
    expect(report).toMatchObject({ account: `OneSignal app ${appId}`, mode: undefined });
    expect(report.notes).toEqual([expect.stringContaining('cannot prove that notifications arrive')]);
    // Not `GET /apps/{id}`, which answers with push credentials.
    expect(asked).toEqual([
      [
        `https://api.onesignal.com/apps/${appId}/segments?limit=1`,
        expect.objectContaining({ authorization: `Key ${key('good')}` }),
      ],
    ]);
  });

  it('tell a key that is refused, and guess why', async () => {
    await expect(run(replay('access-denied'))).rejects.toMatchObject({
      code: 'credentials_rejected',
      message: expect.stringMatching(/deleted or has expired/),
      fields: [{ field: 'apiKey' }],
    });
    const credentials = { appId, apiKey: otherKey };
    await expect(run(replay('access-denied'), { credentials })).rejects.toMatchObject({
      message: expect.stringMatching(/belongs to another app/),
    });
  });

  it('tell how long to wait', async () => {
    await expect(run(replay('rate-limited'))).rejects.toMatchObject({
      code: 'provider_unavailable',
      retryAfterSeconds: 12,
    });
  });
});

it('tells a key that may not be used from here, whichever app its text names', async () => {
  await expect(run(refusal(403))).rejects.toMatchObject({ code: 'permission_missing', fields: [{ field: 'apiKey' }] });
  await expect(run(refusal(403), { credentials: { appId, apiKey: otherKey } })).rejects.toMatchObject({
    code: 'permission_missing',
    message: expect.stringMatching(/IP allowlist.*another app/),
  });
});

it('tells an App ID that OneSignal does not know', async () => {
  await expect(run(refusal(404))).rejects.toMatchObject({ code: 'credentials_rejected', fields: [{ field: 'appId' }] });
});

it.each([200, 401, 403, 404])('takes a %i that is not OneSignal’s own for no answer', async (status) => {
  for (const body of ['null', '[]', '{}', '"text"', '', '<html>Blocked</html>', '{"segments":[]}']) {
    const error = await run(() => new Response(body, { status })).catch((thrown: unknown) => thrown);
    expect(error, body).toMatchObject({ code: 'provider_unavailable' });
  }
});

it('keeps back what a reply says about the key', async () => {
  for (const status of [200, 400, 401, 403, 404, 423, 429, 500]) {
    const error: unknown = await run(refusal(status, `Not with ${key('good')}`)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraftError);
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(key('good'));
  }
});

it('does not call OneSignal with values that have not the form of theirs', async () => {
  const http = { fetch: async () => expect.fail('it called OneSignal') };
  for (const [field, value] of [
    ['apiKey', `${key('x')}\r\nx`],
    ['appId', `${appId}/../..`],
  ] as const) {
    const credentials = { ...valuesOf(), [field]: value };
    await expect(run(replay('segments'), { credentials, http })).rejects.toMatchObject({
      code: 'credentials_rejected',
      fields: [{ field }],
    });
  }
});
