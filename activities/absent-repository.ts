import type { CodeHost } from '../contract/code-host.ts';
import { GraftError } from '../contract/errors.ts';

/**
 * What is assumed of a repository that a code host answered `not_found` for, as a sentence; undefined when it is there.
 * Throws `code_host_refused` when only our access to it is gone, which people can give back.
 */
export async function assumedOfAbsent(host: CodeHost, repository: string): Promise<string | undefined> {
  try {
    await host.checkAccess(repository);
    return undefined;
  } catch (error) {
    if (!(error instanceof GraftError) || error.code !== 'not_found') throw error;
    return error.details['isGone'] === true
      ? `${repository} is gone: deleted, or moved to an owner whom Graft knows nothing of.`
      : `${repository} is not shown to Graft any more, and taken for deleted.`;
  }
}
