import type { IncomingMessage, ServerResponse } from 'node:http';

/** Runs a handler of the web's `Request` and `Response` as an API route of the pages router, which may have read the body. */
export function pagesApi(handler: (request: Request) => Promise<Response>) {
  return async (request: IncomingMessage & { body?: unknown }, response: ServerResponse) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { Allow: 'POST' }).end();
      return;
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, String(value));
    }
    headers.delete('Content-Length');
    const body = request.body === undefined ? await textOf(request) : JSON.stringify(request.body);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = await handler(new Request(url, { method: 'POST', headers, body }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
