import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type RequestListener, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ReactNode, createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { nextApp } from '../../test/harness/app-facts.ts';
import { stripe } from './index.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const one of undo.splice(0)) await one();
});

/** The generated files of an app of Next.js on disk; gives a function that loads one of them. */
async function makeApp(router: 'next-app' | 'next-pages', publishableKey: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'graft-stripe-web-'));
  undo.push(() => rm(folder, { recursive: true }));
  const { files } = stripe.contribute({
    app: { ...nextApp, router, routesDir: router === 'next-app' ? 'app' : 'pages' },
    alias: '',
    options: { subscriptions: true },
  });
  const config = { path: 'tsconfig.json', text: '{"compilerOptions":{"jsx":"react-jsx"}}' };
  for (const { path, text } of [...files, config]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  vi.stubEnv('NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY', publishableKey);
  return async <Module>(path: string) => (await import(join(folder, path))) as Module;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  undo.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : expect.fail('no port');
}

interface Provider {
  StripeConnector: (props: { children?: ReactNode }) => ReactNode;
}
interface Plans {
  SubscriptionPlans: (props: { email: string }) => ReactNode;
}
interface Checkout {
  pay: (product: string) => Promise<object>;
}

it.each([undefined, ['pk', 'test', 'x'.repeat(24)].join('_')])(
  'renders on the server with and without a key (%#)',
  async (key) => {
    const load = await makeApp('next-app', key);
    const { StripeConnector } = await load<Provider>('connectors/stripe/stripe-provider.tsx');
    const { SubscriptionPlans } = await load<Plans>('connectors/stripe/subscription-plans.tsx');
    const page = createElement(SubscriptionPlans, { email: 'person@app.example' });
    const html = renderToString(createElement(StripeConnector, null, page));
    expect(html).toMatch(/^<div><ul><li>Monthly.*Subscribe<\/button><\/li><\/ul><\/div>$/);
  },
);

it('says what is missing instead of opening a sheet', async () => {
  const { pay } = await (await makeApp('next-app', undefined))<Checkout>('connectors/stripe/checkout.ts');
  expect(await pay('example')).toMatchObject({
    status: 'not_configured',
    key: 'NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY',
    message: expect.stringContaining('npm run -s env -- pull'),
  });
});

it('says that no sheet is on the page', async () => {
  const load = await makeApp('next-app', ['pk', 'test', 'x'.repeat(24)].join('_'));
  const { pay } = await load<Checkout>('connectors/stripe/checkout.ts');
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ clientSecret: 'pi_1_secret_1' }));
  expect(await pay('example')).toEqual({ status: 'failed', message: expect.stringContaining('<StripeConnector>') });
});

it('answers in the pages router what the handler answers, to POST alone', async () => {
  const load = await makeApp('next-pages', undefined);
  vi.stubEnv('STRIPE_SECRET_KEY', undefined);
  const { default: route } = await load<{ default: (request: object, response: object) => Promise<void> }>(
    'pages/api/stripe/payment-intent.ts',
  );
  // Next.js reads and parses the body before it calls a route.
  const origin = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const parsed: unknown = body === '' ? undefined : JSON.parse(body);
      void route(Object.assign(request, { body: parsed }), response);
    });
  });
  const post = (body: string) =>
    fetch(`${origin}/api/stripe/payment-intent`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
  const lacking = await post('{"product":"example"}');
  expect(lacking.status).toBe(503);
  expect(lacking.headers.get('content-type')).toContain('application/json');
  expect(await lacking.json()).toMatchObject({ error: 'not_configured', key: 'STRIPE_SECRET_KEY' });
  expect((await post('{"product":"none"}')).status).toBe(400);
  expect((await post('"text"')).status).toBe(400);
  const refused = await fetch(`${origin}/api/stripe/payment-intent`);
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
});
