import { dirname } from 'node:path';
import { createGithubClient } from '../../code-host/github/client.ts';
import { createGithubCodeHost } from '../../code-host/github/index.ts';
import { readChanges } from '../../code-host/local/review.ts';
import { branchFolder } from '../../contract/ids.ts';
import { GraftError } from '../../contract/errors.ts';
import { simulatedOwner } from '../embedded/github.ts';
import type { Stack } from '../embedded/stack.ts';
import { printReview } from '../print-review.ts';
import { branches, createAppRepository, revision } from './app-repository.ts';
import type { DemoHost } from './demo-host.ts';

/** A fresh Expo app in a repository of the GitHub that is simulated in this process. */
export async function createSimulatedDemoHost({ simulatedGithub }: Stack, name: string): Promise<DemoHost> {
  if (simulatedGithub === undefined) throw new GraftError('internal', 'The stack was started without a GitHub.');
  const github = simulatedGithub;
  const repository = `${simulatedOwner}/${name}`;
  const folder = await github.createRepository({ owner: simulatedOwner, name, private: true });
  await createAppRepository(folder, name);
  await github.addPerson('maintainer');
  await github.setPermission(repository, 'maintainer', 'write');
  const identity = { kind: 'token', token: await github.personToken('maintainer') } as const;
  // The mark tells our own commits from people's; here nothing is written, so any key will do.
  const host = createGithubCodeHost(createGithubClient({ apiUrl: github.url, identity, markKey: new Uint8Array(32) }));
  return {
    kind: 'github',
    repository,
    place: `${github.url}/${repository} (a simulated GitHub)`,
    baseTree: () => revision(folder, 'main^{tree}'),
    ourBranches: async () => (await branches(folder)).filter((branch) => branch.startsWith(`${branchFolder}/`)),
    publishedNames: async () => [
      ...Object.keys(github.secrets(repository)),
      ...Object.keys(github.variables(repository)),
    ],
    async review(number, diff) {
      const pull = await host.readPullRequest(repository, number);
      const range = { head: pull.head, base: pull.base.commit };
      const changes = diff ? await readChanges(dirname(folder), name, range) : undefined;
      return printReview(pull, changes, {
        repository,
        checks: undefined,
        colour: process.stdout.isTTY,
        linesPerFile: 30,
      });
    },
    async merge(number) {
      await github.act('maintainer').merge(repository, number, 'squash');
      return `Squash-merged pull request ${number}`;
    },
  };
}
