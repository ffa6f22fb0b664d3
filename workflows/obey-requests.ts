import type { CodeChange } from '../contract/closed-sets.ts';
import type { Command, PersonsRequest } from '../contract/code-host.ts';
import { ended } from './failures.ts';
import type { Operation } from './operation.ts';
import { forward } from './policies.ts';

const refused = 'Graft takes commands only from people who may write to this repository: ask one of them to repeat it.';
// Anybody may comment on a public repository; answers must not fill the pull request, nor use up what a code host allows.
const refusalsAtOnce = 5;
const accepted: Record<Command, Record<CodeChange, string>> = {
  retry: {
    install: 'On it: the newest commit is validated again.',
    update: 'On it: the newest commit is validated again.',
    remove: 'On it: the newest commit is validated again.',
  },
  regenerate: {
    install: 'On it: the installation is planned again on the newest base.',
    update: 'On it: the update is planned again on the newest base.',
    remove: 'On it: the removal is planned again on the newest base.',
  },
  abort: {
    install: 'On it: the installation is taken back and this pull request closed.',
    update: 'On it: this pull request is closed, and everything stays as it is.',
    remove: 'On it: this pull request is closed, and everything stays installed.',
  },
};

/**
 * Answers what people asked for at an open pull request, each once, and then gives what is to be done: of several the one
 * that does most. Of those who may not write each is `told` so once. Throws when it is to be aborted.
 */
export async function obeyRequests(
  operation: Operation,
  kind: CodeChange,
  requests: readonly PersonsRequest[],
  told: Set<string>,
): Promise<'retry' | 'regenerate' | undefined> {
  const asked = new Set<Command>();
  let aborting: string | undefined;
  for (const { id, command, by } of requests.filter(({ allowed }) => allowed)) {
    await answer(id, accepted[command][kind]);
    asked.add(command);
    if (command === 'abort') aborting ??= by;
  }
  if (aborting !== undefined) throw ended('aborted', `Aborted by ${aborting} at the pull request.`);

  const strangers = requests.filter(({ allowed, by }) => !allowed && !told.has(by));
  const newest = new Map(strangers.map(({ by, id }) => [by, id]));
  for (const [by, id] of [...newest].slice(0, refusalsAtOnce)) {
    await answer(id, refused);
    told.add(by);
  }
  return asked.has('regenerate') ? 'regenerate' : asked.has('retry') ? 'retry' : undefined;

  async function answer(request: string, text: string): Promise<void> {
    const { installation } = operation.input;
    await operation.attempt(() => forward.answerRequest({ installation, operation: kind, request, text }));
  }
}
