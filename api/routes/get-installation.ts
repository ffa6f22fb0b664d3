import type { Router } from 'express';
import { allow } from '../authenticate.ts';
import type { Dependencies } from '../dependencies.ts';
import { findInstallation } from '../find-target.ts';
import { detailsOf } from '../installation-view.ts';

/** `GET /projects/:project/connectors/:installation`. */
export function getOneInstallation(router: Router, { database }: Dependencies): void {
  router.get('/projects/:project/connectors/:installation', allow('read'), async (request, response) => {
    const { installation } = await findInstallation(database, request, response);
    response.json(await detailsOf(database, installation));
  });
}
