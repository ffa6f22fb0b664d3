import type { GraftError } from '../../contract/errors.ts';
import { newId } from '../../contract/ids.ts';
import { type Database, closeDatabase, connectDatabase } from '../../db/connect.ts';
import { insertQueued } from '../../db/queries/installations.ts';
import { insertProject } from '../../db/queries/projects.ts';
import { insertSubmission } from '../../db/queries/submissions.ts';
import type { Project } from '../../db/schema/projects.ts';
import { createTestDatabase } from './database.ts';

/** A database of a suite's own, through the connections of each role, with rows to begin from. */
export interface Rows {
  ownerUrl: string;
  owner: Database;
  api: Database;
  control: Database;
  newProject(): Promise<Project>;
  /** A queued installation, in a project of its own unless one is given. */
  queue(of?: { project?: string; connector?: string; environment?: 'development' | 'production' }): Promise<Queued>;
  /** A submission for an installation: the bytes 0, 1 and 255. */
  submit(installation: Pick<Queued, 'id' | 'project'>): Promise<string>;
  close(): Promise<void>;
}

type Queued = Parameters<typeof insertQueued>[1];

/** Makes the database and connects. */
export async function openRows(): Promise<Rows> {
  const { url, apiUrl, controlUrl } = await createTestDatabase();
  const [owner, api, control] = [connectDatabase(url), connectDatabase(apiUrl), connectDatabase(controlUrl)];
  let repositories = 0;

  async function newProject(): Promise<Project> {
    repositories += 1;
    const project: Project = {
      id: newId('project'),
      name: 'Shop',
      codeHost: 'local',
      repository: `shop-${repositories}`,
      appDir: '',
      trusted: false,
      driftReport: 'none',
      createdAt: new Date(),
    };
    await insertProject(api, project);
    return project;
  }

  return {
    ownerUrl: url,
    owner,
    api,
    control,
    newProject,
    async queue({ project, connector = 'fake', environment = 'development' } = {}) {
      const given = {
        id: newId('installation'),
        project: project ?? (await newProject()).id,
        connector,
        environment,
        alias: '',
        options: { wallet: true },
        requestedPlanHash: null,
      };
      await insertQueued(api, given);
      return given;
    },
    async submit({ id, project }) {
      const submission = newId('submission');
      const at = { project, installation: id, connector: 'fake', environment: 'development' } as const;
      await insertSubmission(api, { kind: 'installation', submission, ...at }, Uint8Array.of(0, 1, 255));
      return submission;
    },
    async close() {
      await Promise.all([owner, api, control].map(closeDatabase));
    },
  };
}

/** What the work fails with. */
export async function failureOf(work: Promise<unknown>): Promise<GraftError> {
  try {
    await work;
  } catch (error) {
    return error as GraftError;
  }
  throw new Error('it succeeded');
}
