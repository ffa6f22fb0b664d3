import type { Command, PersonsRequest } from '../contract/code-host.ts';
import { ended } from './failures.ts';
import type { Operation } from './operation.ts';
import { forward } from './policies.ts';

const refused = 'Graft takes commands only from people who may write to this repository: ask one of them to repeat it.';
const tooLate = 'This pull request is merged already. To take out what it brought, remove the installation in Graft.';
const accepted: Record<Command, Record<'install' | 'remove', string>> = {
  retry: {
    install: 'On it: the newest commit is validated again.',
    remove: 'On it: the newest commit is validated again.',
  },
  regenerate: {
    install: 'On it: the installation is planned again on the newest base.',
    remove: 'On it: the removal is planned again on the newest base.',
  },
  abort: {
    install: 'On it: the installation is taken back and this pull request closed.',
    remove: 'On it: this pull request is closed, and everything stays installed.',
  },
};

/**
 * Answers what people asked for at the pull request, each once, and then gives what is to be done: of several the one that
 * does most. Throws when it is to be aborted.
 */
export async function obeyRequests(
  operation: Operation,
  kind: 'install' | 'remove',
  { state, requests }: { state: 'open' | 'merged' | 'closed'; requests: readonly PersonsRequest[] },
): Promise<'retry' | 'regenerate' | undefined> {
  const { installation } = operation.input;
  const asked = new Set<Command>();
  let aborting: string | undefined;
  for (const { id, command, by, allowed } of requests) {
    const obeyed = allowed && state === 'open';
    const text = obeyed ? accepted[command][kind] : allowed ? tooLate : refused;
    await operation.attempt(() => forward.answerRequest({ installation, operation: kind, request: id, text }));
    if (!obeyed) continue;
    asked.add(command);
    if (command === 'abort') aborting ??= by;
  }
  if (aborting !== undefined) throw ended('aborted', `Aborted by ${aborting} at the pull request.`);
  return asked.has('regenerate') ? 'regenerate' : asked.has('retry') ? 'retry' : undefined;
}
