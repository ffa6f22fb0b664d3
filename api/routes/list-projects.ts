import type { Router } from 'express';
import { listProjects } from '../../db/queries/projects.ts';
import { allow, callerOf } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { projectView } from '../project-view.ts';

/** `GET /projects`: those that the token may see. */
export function listAllProjects(router: Router, { database }: Dependencies): void {
  router.get('/projects', allow('read'), async (_request, response) => {
    const projects = await listProjects(database, callerOf(response).project);
    response.json({ projects: projects.map(projectView) });
  });
}
