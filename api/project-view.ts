import type { Project } from '../db/schema/projects.ts';

/** A project as the api shows it. */
export function projectView({ id, name, codeHost, repository, appDir, trusted, driftReport, createdAt }: Project) {
  return { id, name, codeHost, repository, appDir, trusted, driftReport, createdAt: createdAt.toISOString() };
}
