import type { Router } from 'express';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findProject } from '../find-target.ts';
import { projectView } from '../project-view.ts';

/** `GET /projects/:project`. */
export function getOneProject(router: Router, { database }: Dependencies): void {
  router.get('/projects/:project', allow('read'), async (request, response) => {
    response.json(projectView(await findProject(database, request, response)));
  });
}
