// Runs inside the sandbox: imports one server module, hands it one request, and sends back status and body.
import { pathToFileURL } from 'node:url';
import type { ServerCheck } from '../../contract/connector.ts';
import type { CheckAnswer } from './serve-checks.ts';

interface Call {
  module: string;
  export: string;
  request: ServerCheck['request'];
}

type Handler = (request: Request) => Promise<Response>;

process.once('message', (call: Call) => {
  answer(call).then(
    (given) => process.send?.(given),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function answer(call: Call): Promise<CheckAnswer> {
  const module = (await import(pathToFileURL(call.module).href)) as Record<string, unknown>;
  const handler = module[call.export];
  if (typeof handler !== 'function') return { error: `the module exports no function ${call.export}` };
  const { url, ...init } = call.request;
  const response = await (handler as Handler)(new Request(url, init));
  const text = await response.text();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body: body as Record<string, unknown> };
}
