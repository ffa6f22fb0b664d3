import type { Request, Response } from 'express';
import { GraftError } from '../contract/errors.ts';
import { isId } from '../contract/ids.ts';
import type { Database } from '../db/connect.ts';
import { getInstallationWithProject } from '../db/queries/installations.ts';
import { getProject } from '../db/queries/projects.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Project } from '../db/schema/projects.ts';
import { callerOf } from './authenticate.ts';

/** The project named in the path; throws `not_found` for an unknown one and for one that the token may not see. */
export async function findProject(database: Database, request: Request, response: Response): Promise<Project> {
  const id = String(request.params['project']);
  const { project: only } = callerOf(response);
  if (!isId('project', id) || (only !== null && only !== id))
    throw new GraftError('not_found', 'There is no such project; list them with GET /projects.', {
      fields: [{ field: 'project', fix: 'Name a project that GET /projects lists.' }],
    });
  return getProject(database, id);
}

/** The installation named in the path and its project; throws `not_found` unless it is one of that project. */
export async function findInstallation(
  database: Database,
  request: Request,
  response: Response,
): Promise<{ installation: Installation; project: Project }> {
  const project = await findProject(database, request, response);
  const id = String(request.params['installation']);
  const found = isId('installation', id) ? await getInstallationWithProject(database, id) : undefined;
  if (found?.project.id !== project.id)
    throw new GraftError('not_found', 'There is no such installation in this project.', {
      fields: [{ field: 'installation', fix: 'Name an installation that GET /projects/:project/connectors lists.' }],
    });
  return found;
}
