import type { Router } from 'express';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.ts';
import { readInstallState } from '../install-state.ts';
import { parse, refuseFaults } from '../parse.ts';
import { requestIdOf } from '../request-id.ts';

const Query = z.object({
  installation_id: z
    .string()
    .regex(/^\d{1,20}$/, 'Follow the link that GET /api/v1/github/app gives.')
    .optional(),
  setup_action: z.enum(['install', 'update', 'request'], 'Follow the link that GET /api/v1/github/app gives.'),
  // GitHub sends none when its own pages led here: an installation that was changed, or made from the App's page.
  state: z.string('Follow the link that GET /api/v1/github/app gives.').optional(),
});

const sentences = {
  install: 'The GitHub App is installed. Register each app whose repository it may use as a project:',
  update: 'The repositories of the GitHub App were changed. Register each app among them as a project:',
  request: 'An owner of the organization was asked to install the GitHub App. When that is done, register a project:',
} as const;

const command = `curl "$GRAFT_URL/api/v1/projects" \\
  -H "Authorization: Bearer $GRAFT_TOKEN" -H "Content-Type: application/json" \\
  -d '{"name":"My app","codeHost":"github","repository":"owner/name"}'`;

/**
 * `GET /github/callback`: where GitHub sends the browser after the App was installed. Changes nothing, because anybody can
 * make up an `installation_id`; says what to do next.
 */
export function githubCallback(router: Router, { hashKey, log }: Dependencies): void {
  router.get('/github/callback', (request, response) => {
    const { installation_id: installation, setup_action: action, state } = parse(Query, request.query);
    const token = state === undefined ? undefined : readInstallState(hashKey, state);
    if (state !== undefined && token === undefined)
      refuseFaults([
        { field: 'state', fix: 'This link is too old or not ours: get another from GET /api/v1/github/app.' },
      ]);
    log.info({ requestId: requestIdOf(response), token, installation, action }, 'back from GitHub');
    response
      .set({
        'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'Referrer-Policy': 'no-referrer',
      })
      .type('html')
      .send(pageOf(sentences[action]));
  });
}

function pageOf(sentence: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Graft at GitHub</title>
<h1>Graft at GitHub</h1>
<p>${escapeHtml(sentence)}</p>
<pre>${escapeHtml(command)}</pre>
<p>GRAFT_URL is where this api is, GRAFT_TOKEN a token with the scope write. You may close this page.</p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
