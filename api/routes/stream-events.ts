import type { Router } from 'express';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { refuseFaults } from '../parse.ts';
import { streamProgress } from '../stream-progress.ts';

/** `GET …/:installation/events`: progress as server-sent events, resumed by `Last-Event-ID`, until the operation ends. */
export function streamEvents(router: Router, dependencies: Dependencies): void {
  router.get('/projects/:project/connectors/:installation/events', allow('read'), async (request, response) => {
    const { installation } = await findInstallation(dependencies.database, request, response);
    const after = request.get('Last-Event-ID') ?? '0';
    if (!/^\d{1,18}$/.test(after))
      refuseFaults([{ field: 'Last-Event-ID', fix: 'Send the id of the last event that you saw, or leave it out.' }]);
    await streamProgress(dependencies, installation.id, after, response);
  });
}
