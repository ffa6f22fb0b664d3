import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type RequestListener, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expoApp } from '../../test/harness/app-facts.ts';
import { stripe } from './index.ts';

interface Sheet {
  prepared: Record<string, unknown>[];
  prepareError?: { code: string; message: string };
  presentError?: { code: string; message: string };
}
type CheckoutResult = { status: string; key?: string; message?: string };
interface App {
  pay: (product: string, quantity?: number) => Promise<CheckoutResult>;
  render: (children: string) => { type: unknown; props: Record<string, unknown> };
  sheet: Sheet;
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const one of undo.splice(0)) await one();
});

/** An app on disk with the generated files and a stand-in for Stripe's native package, which Node cannot load. */
async function makeApp(options: Record<string, unknown>, publishableKey: string | undefined): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-stripe-app-'));
  undo.push(() => rm(folder, { recursive: true }));
  const { files } = stripe.contribute({
    app: expoApp,
    alias: '',
    options,
  });
  const sdk = `export const sheet = { prepared: [] };
    export const StripeProvider = 'StripeProvider';
    export const handleURLCallback = async () => false;
    export const initPaymentSheet = async (given) => { sheet.prepared.push(given); return { error: sheet.prepareError }; };
    export const presentPaymentSheet = async () => ({ error: sheet.presentError });`;
  const all = [
    ...files,
    { path: 'node_modules/@stripe/stripe-react-native/index.js', text: sdk },
    { path: 'node_modules/@stripe/stripe-react-native/package.json', text: '{"type":"module","main":"index.js"}' },
    { path: 'tsconfig.json', text: '{"compilerOptions":{"jsx":"react-jsx"}}' },
  ];
  for (const { path, text } of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  vi.stubEnv('EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY', publishableKey);
  vi.stubGlobal('__DEV__', true);
  const load = (path: string): Promise<unknown> => import(join(folder, path));
  const { pay } = (await load('connectors/stripe/checkout.ts')) as Pick<App, 'pay'>;
  const { StripeConnector } = (await load('connectors/stripe/stripe-provider.tsx')) as {
    StripeConnector: (props: { children: string }) => ReturnType<App['render']>;
  };
  const { sheet } = (await load('node_modules/@stripe/stripe-react-native/index.js')) as Pick<App, 'sheet'>;
  return { pay, sheet, render: (children) => StripeConnector({ children }) };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  undo.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : expect.fail('no port');
}

const answering = (status: number, body: object) =>
  serve((_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
const publishableKey = ['pk', 'test', 'x'.repeat(24)].join('_');

describe('the generated app code', () => {
  it('renders and explains itself without a publishable key', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { pay, render } = await makeApp({ serverUrl: 'http://127.0.0.1:1' }, undefined);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY is not set')]]);
    expect(render('the app').props).toEqual({ children: 'the app' });
    expect(await pay('example')).toEqual({
      status: 'not_configured',
      key: 'EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY',
      message: expect.stringMatching(/npm run -s env -- pull.*\.env\.local|\.env\.local.*npm run -s env -- pull/),
    });
  });

  it('wraps the app with the key, and says when no server is named', async () => {
    const { pay, render } = await makeApp({}, publishableKey);
    expect(render('the app')).toMatchObject({ type: 'StripeProvider', props: { publishableKey } });
    expect(await pay('example')).toMatchObject({ status: 'not_configured', key: 'serverUrl' });
  });

  it('takes a payment from the server’s answer to the sheet', async () => {
    const requests: { path: string | undefined; key: unknown; body: unknown }[] = [];
    const serverUrl = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        requests.push({ path: request.url, key: request.headers['idempotency-key'], body: JSON.parse(body) });
        response.end(JSON.stringify({ clientSecret: 'pi_1_secret_1' }));
      });
    });
    const { pay, sheet } = await makeApp({ serverUrl, googlePay: true, merchantDisplayName: "Sam's" }, publishableKey);
    sheet.presentError = { code: 'Canceled', message: 'The payment was canceled.' };
    expect(await pay('example', 2)).toEqual({ status: 'canceled' });
    delete sheet.presentError;
    expect(await pay('example', 2)).toEqual({ status: 'completed' });
    expect(await pay('example', 2)).toEqual({ status: 'completed' });

    expect(sheet.prepared[0]).toEqual({
      merchantDisplayName: "Sam's",
      paymentIntentClientSecret: 'pi_1_secret_1',
      googlePay: { merchantCountryCode: 'US', testEnv: true },
    });
    expect(requests[0]).toEqual({
      path: '/api/stripe/payment-intent',
      key: expect.stringMatching(/^[\w-]{8,64}$/),
      body: { product: 'example', quantity: 2 },
    });
    const [first, second, third] = requests.map(({ key }) => key);
    expect(second, 'after a cancel the same payment goes on').toBe(first);
    expect(third, 'after a payment a new one begins').not.toBe(first);
  });

  it('passes on what the server lacks', async () => {
    const lacking = { error: 'not_configured', key: 'STRIPE_SECRET_KEY', message: 'STRIPE_SECRET_KEY is not set.' };
    const { pay } = await makeApp({ serverUrl: await answering(503, lacking) }, publishableKey);
    const { error: status, ...rest } = lacking;
    expect(await pay('example')).toEqual({ status, ...rest });
  });

  it('fails with a message whatever goes wrong', async () => {
    const refused = await makeApp(
      { serverUrl: await answering(400, { error: 'unknown_product', message: 'No such.' }) },
      publishableKey,
    );
    expect(await refused.pay('example')).toEqual({ status: 'failed', message: 'No such.' });

    const html = await serve((_, response) => response.writeHead(502).end('<html>'));
    const broken = await makeApp({ serverUrl: html }, publishableKey);
    expect(await broken.pay('example')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('No usable answer'),
    });

    const unreachable = await makeApp({ serverUrl: 'http://127.0.0.1:1' }, publishableKey);
    expect(await unreachable.pay('example')).toMatchObject({ status: 'failed' });

    const ready = await makeApp({ serverUrl: await answering(200, { clientSecret: 'pi_1_secret_1' }) }, publishableKey);
    ready.sheet.prepareError = { code: 'Failed', message: 'No such payment.' };
    expect(await ready.pay('example')).toEqual({ status: 'failed', message: 'No such payment.' });
  });
});
