import type { Router } from 'express';
import { z } from 'zod';
import { type Status, statuses } from '../../contract/closed-sets.ts';
import { listInstallations } from '../../db/queries/installations.ts';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findProject } from '../find-target.ts';
import { summaryOf } from '../installation-view.ts';
import { parse } from '../parse.ts';

const statusFix = `Choose from: ${statuses.join(', ')}.`;
const Query = z.strictObject({
  status: z
    .string(statusFix)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(statuses, statusFix)))
    .optional(),
  needsAttention: z.enum(['true', 'false'], 'Say true or false.').optional(),
});

/** `GET /projects/:project/connectors[?status=a,b&needsAttention=true]`. */
export function listProjectInstallations(router: Router, { database }: Dependencies): void {
  router.get('/projects/:project/connectors', allow('read'), async (request, response) => {
    const project = await findProject(database, request, response);
    const { status, needsAttention } = parse(Query, request.query);
    const filter: { status?: readonly Status[]; needsAttention?: boolean } = {};
    if (status !== undefined) filter.status = status;
    if (needsAttention !== undefined) filter.needsAttention = needsAttention === 'true';
    const found = await listInstallations(database, project.id, filter);
    response.json({ connectors: found.map(summaryOf) });
  });
}
