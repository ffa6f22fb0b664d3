import type { IncomingMessage, ServerResponse } from 'node:http';

import { deleteAccount } from '../../server/delete-account';

/** Runs the handler, which asks for nothing but the bearer token, as an API route of the pages router. */
export default async function route(request: IncomingMessage, response: ServerResponse) {
  if (request.method !== 'POST') {
    response.writeHead(405, { Allow: 'POST' }).end();
    return;
  }
  const headers = { Authorization: request.headers.authorization ?? '' };
  const answer = await deleteAccount(new Request('http://localhost', { method: 'POST', headers }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(await answer.text());
}
