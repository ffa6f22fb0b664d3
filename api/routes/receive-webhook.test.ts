import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { desc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../../db/connect.ts';
import { deliveriesChannel } from '../../db/queries/deliveries.ts';
import { deliveries } from '../../db/schema/deliveries.ts';
import { type TestApi, startTestApi } from '../../test/harness/api.ts';
import { type GithubEvent, comment, pullRequest, push, signedDelivery } from '../../test/harness/webhooks.ts';

const secrets = ['made-up-secret-of-today', 'made-up-secret-of-yesterday'] as const;
// Nothing listens at that address: a webhook is answered without Temporal.
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi('127.0.0.1:1', 'default', secrets);
});
afterAll(() => api.stop());

type Sent = ReturnType<typeof signedDelivery>;
const send = (sent: RequestInit) => fetch(`${api.url}/api/v1/webhooks/github`, sent);
const signed = (event: GithubEvent): Sent => signedDelivery({ secret: secrets[0], ...event });
const stored = () => api.owner.select().from(deliveries).orderBy(desc(deliveries.receivedAt));
const accepted = { status: 'accepted' };
beforeEach(async () => {
  await api.owner.delete(deliveries);
});

/** What everybody may see of an answer: all but the request's own id. */
async function answerOf(response: Response): Promise<unknown> {
  const body = (await response.json()) as Record<string, unknown>;
  const { instance: _instance, requestId: _requestId, ...rest } = body;
  return rest;
}

describe('a signed delivery', () => {
  it.each([
    ['a push', push('Octo/App', 'graft/install/x'), { branch: 'graft/install/x', number: null, action: '' }],
    ['a push to a branch with odd signs', push('Octo/App', 'a/ü–"x'), { branch: 'a/ü–"x' }],
    ['a pull request', pullRequest('Octo/App', 7, 'closed'), { branch: null, number: 7, action: 'closed' }],
    ['a comment at a pull request', comment('Octo/App', 8), { branch: null, number: 8, action: 'created' }],
  ])('%s: is stored with what routing needs, and rings', async (_what, event, row) => {
    const rung = Promise.withResolvers<string>();
    const unlisten = await listen(api.control, deliveriesChannel, rung.resolve);
    const response = await send(signed(event));
    expect([response.status, await response.json()]).toEqual([202, accepted]);
    expect(await stored()).toMatchObject([{ event: event.event, repository: 'Octo/App', handledAt: null, ...row }]);
    expect(await rung.promise).toBe('');
    await unlisten();
  });

  it('delivered again is answered the same and stored once, whichever secret signs it', async () => {
    const id = randomUUID();
    const answers = [];
    for (const secret of [secrets[0], secrets[1], secrets[0]])
      answers.push(await answerOf(await send(signed({ ...push('octo/app', 'main'), id, secret }))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await stored()).toMatchObject([{ id, branch: 'main' }]);
    // Handled by now: it stays so.
    await api.owner.update(deliveries).set({ handledAt: new Date() });
    expect((await send(signed({ ...push('octo/app', 'main'), id }))).status).toBe(202);
    expect(await stored()).toMatchObject([{ id, handledAt: expect.any(Date) }]);
  });

  it('in a burst with replays, out of order, is stored once for each id', async () => {
    const ids = Array.from({ length: 60 }, () => randomUUID());
    const burst = [...ids, ...ids.toReversed()].map((id, at) =>
      signed({ ...pullRequest('octo/app', at + 1, 'edited'), id }),
    );
    const statuses = await Promise.all(burst.map(async (one) => (await send(one)).status));
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect((await stored()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it.each([
    ['ping', { event: 'ping', payload: { zen: 'Keep it logically awesome.' } }],
    ['star', { event: 'star', payload: { action: 'created' } }],
    ['check run', { event: 'check_run', payload: { action: 'completed' } }],
    ['pushed tag', { event: 'push', payload: { ref: 'refs/tags/v1', repository: { full_name: 'octo/app' } } }],
    ['label', pullRequest('octo/app', 7, 'labeled')],
    ['comment at an issue', comment('octo/app', 9, 'issue')],
  ])('that can matter to nobody (%s) is answered and not stored', async (_what, event) => {
    const response = await send(signed(event));
    expect([response.status, await response.json()]).toEqual([202, accepted]);
    expect(await stored()).toEqual([]);
  });

  it('of nearly 25 MB is taken', async () => {
    const { event, payload } = push('octo/app', 'main');
    const commits = 'x'.repeat(24 * 1024 * 1024);
    expect((await send(signed({ event, payload: { ...(payload as object), commits } }))).status).toBe(202);
    expect(await stored()).toHaveLength(1);
  });
});

describe('a forged delivery', () => {
  const good = () => signed(push('octo/app', 'main'));
  const withSignature = (signature: string | undefined): Sent => {
    const { headers, ...rest } = good();
    const { 'X-Hub-Signature-256': _own, ...others } = headers;
    return { ...rest, headers: signature === undefined ? others : { ...others, 'X-Hub-Signature-256': signature } };
  };
  const sha1 = (body: string) => createHmac('sha1', secrets[0]).update(body).digest('hex');

  it.each([
    ['unsigned', () => withSignature(undefined)],
    ['signed with nothing', () => withSignature('')],
    ['signed with another secret', () => signed({ ...push('octo/app', 'main'), secret: 'made-up-secret-of-nobody' })],
    ['signed with an empty secret', () => signed({ ...push('octo/app', 'main'), secret: '' })],
    ['changed by one byte', () => ({ ...good(), body: good().body.replace('mona', 'lisa') })],
    ['followed by one byte', () => ({ ...good(), body: `${good().body} ` })],
    ['signed with half a signature', () => withSignature(good().headers['X-Hub-Signature-256']?.slice(0, 40))],
    ['signed in capitals', () => withSignature(good().headers['X-Hub-Signature-256']?.toUpperCase())],
    ['signed with SHA-1', () => withSignature(`sha1=${sha1(good().body)}`)],
    ['unsigned and no JSON', () => ({ ...withSignature(undefined), body: '{' })],
    ['forged and no JSON', () => ({ ...withSignature(`sha256=${'0'.repeat(64)}`), body: '{' })],
    [
      'forged, and of no event',
      () => {
        const { headers, ...rest } = withSignature(`sha256=${'0'.repeat(64)}`);
        return { ...rest, headers: { ...headers, 'X-GitHub-Event': '', 'X-GitHub-Delivery': 'x' } };
      },
    ],
  ])('(%s) is told nothing', async (_what, make) => {
    expect(await answerOf(await send(make()))).toEqual({
      status: 401,
      type: 'urn:graft:problem:unauthorized',
      code: 'unauthorized',
      title: 'Unauthorized',
      detail: 'This delivery is not taken.',
    });
    expect(await stored()).toEqual([]);
  });

  it.each([undefined, 'x', 'sha256=', `sha1=${'0'.repeat(40)}`, `sha256=${'0'.repeat(65)}`])(
    'with the signature %s is refused before its body is read',
    async (signature) => {
      const { body: _body, ...rest } = withSignature(signature);
      const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
      const response = await send({ ...rest, body: endless, duplex: 'half' } as RequestInit);
      expect(response.status).toBe(401);
    },
  );
});

describe('a delivery that is none', () => {
  const altered = (headers: Record<string, string>): Sent => {
    const sent = signed(push('octo/app', 'main'));
    return { ...sent, headers: { ...sent.headers, ...headers } };
  };

  it.each([
    ['without an id', altered({ 'X-GitHub-Delivery': '' }), 'X-GitHub-Delivery'],
    ['with another id', altered({ 'X-GitHub-Delivery': '1; drop table deliveries' }), 'X-GitHub-Delivery'],
    ['without an event', altered({ 'X-GitHub-Event': '' }), 'X-GitHub-Event'],
    ['that is no JSON', signed({ event: 'push', payload: 'payload=%7B%7D' }), 'body'],
    ['that is no object', signed({ event: 'push', payload: '[]' }), 'body'],
    ['of no repository', signed({ event: 'push', payload: { ref: 'refs/heads/main' } }), 'repository'],
    ['of a branch with a zero in it', signed(push('octo/app', 'a\0b')), 'ref'],
    [
      'of no number',
      signed({ event: 'pull_request', payload: { action: 'closed', repository: { full_name: 'a/b' } } }),
      'pull_request',
    ],
    ['of a number that is none', signed(pullRequest('octo/app', 2 ** 40, 'closed')), 'pull_request.number'],
  ])('%s: 422 with the field', async (_what, sent, field) => {
    const response = await send(sent);
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { code: 'invalid_request', errors: [{ field }] },
    ]);
    expect(await stored()).toEqual([]);
  });

  it('larger than GitHub delivers, or compressed: refused', async () => {
    const large = signed({ event: 'push', payload: 'x'.repeat(25 * 1024 * 1024 + 1) });
    const answer = await send(large);
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'body_too_large' }]);
    const compressed = await send(altered({ 'Content-Encoding': 'gzip' }));
    expect([compressed.status, await compressed.json()]).toMatchObject([
      415,
      { errors: [{ field: 'Content-Encoding' }] },
    ]);
    expect(await stored()).toEqual([]);
  });
});

describe('many large bodies at once', () => {
  // 20 MB take their time on a busy machine.
  const patience = { timeout: 12_000, interval: 200 };

  it('are refused before they are read, while small ones are taken', async () => {
    const large = signed({ event: 'push', payload: 'x'.repeat(20 * 1024 * 1024) });
    const held = Array.from({ length: 5 }, () => {
      const { method, headers } = large;
      const more = { 'Content-Length': String(large.body.length), Expect: '100-continue' };
      const open = request(`${api.url}/api/v1/webhooks/github`, { method, headers: { ...headers, ...more } });
      open.on('error', () => undefined);
      open.flushHeaders();
      return open;
    });
    try {
      // The server says so as it takes each up.
      await Promise.all(held.map((open) => once(open, 'continue')));
      const refused = await send(signed({ event: 'push', payload: 'x'.repeat(2 * 1024 * 1024) }));
      expect(refused.status).toBe(503);
      expect(refused.headers.get('Retry-After')).toBe('5');
      expect((await send(signed(push('octo/app', 'main')))).status).toBe(202);
    } finally {
      for (const open of held) open.destroy();
    }
    // No JSON, but read.
    await vi.waitFor(async () => expect((await send(large)).status).toBe(422), patience);
  });
});

describe('without a secret', () => {
  it('no delivery is taken, however it is signed', async () => {
    const closed = await startTestApi('127.0.0.1:1', 'default', []);
    try {
      for (const secret of ['', 'undefined', secrets[0]]) {
        const sent = signedDelivery({ ...push('octo/app', 'main'), secret });
        expect((await fetch(`${closed.url}/api/v1/webhooks/github`, sent)).status).toBe(404);
      }
      expect(await closed.count('deliveries')).toBe(0);
    } finally {
      await closed.stop();
    }
  });
});

describe('the log', () => {
  it('has the route and no secret', () => {
    expect(api.logged()).toContain('/webhooks/github');
    for (const secret of secrets) expect(api.logged()).not.toContain(secret);
  });
});
