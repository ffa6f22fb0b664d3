import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { createLocalCodeHost } from '../../code-host/local/index.ts';
import { mergePullRequest, readChanges, readChecks } from '../../code-host/local/review.ts';
import { branchFolder } from '../../contract/ids.ts';
import { printReview } from '../print-review.ts';
import { branches, createAppRepository, revision } from './app-repository.ts';
import type { DemoHost } from './demo-host.ts';

/** A fresh Expo app in a bare repository among those of the local code host. */
export async function createLocalDemoHost(
  { repositories, values }: { repositories: string; values: string },
  name: string,
): Promise<DemoHost> {
  const folder = join(repositories, `${name}.git`);
  await createAppRepository(folder, name);
  const host = createLocalCodeHost({ root: repositories });
  return {
    kind: 'local',
    repository: name,
    place: folder,
    baseTree: () => revision(folder, 'main^{tree}'),
    ourBranches: async () => (await branches(folder)).filter((branch) => branch.startsWith(`${branchFolder}/`)),
    publishedNames: async () => publishedIn(values),
    async review(number, diff) {
      const pull = await host.readPullRequest(name, number);
      const range = { head: pull.head, base: pull.base.commit };
      const changes = diff ? await readChanges(repositories, name, range) : undefined;
      const checks = await readChecks(repositories, name, number);
      return printReview(pull, changes, { repository: name, checks, colour: process.stdout.isTTY, linesPerFile: 30 });
    },
    async merge(number) {
      await mergePullRequest(repositories, name, number);
      return `Merged pull request ${number}`;
    },
  };
}

function publishedIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.env'))
    .flatMap((entry) => Object.keys(parse(readFileSync(join(entry.parentPath, entry.name), 'utf8'))));
}
