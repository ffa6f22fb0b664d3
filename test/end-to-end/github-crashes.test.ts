import { describe, expect, it } from 'vitest';
import { stripeKeys } from '../harness/app-on-stack.ts';
import { type AppAtGithub, type GithubStack, startGithubStack } from '../harness/github-stack.ts';

const minutes = 60_000;
/** A forward activity is tried seven times, so a run kills at every third write and three runs kill at each of them. */
const runs = [0, 1, 2];

describe.concurrent('an app at GitHub, with the control worker killed after every single write', () => {
  it.each(runs)(
    'has one branch, one commit and one pull request, and nothing is left in the end: write 3n + %i',
    async (offset) => {
      const stack = await startGithubStack();
      try {
        stack.validateAll();
        const app = await stack.createApp('shop');
        const killed = killAtWrites(stack, (at) => at % runs.length === offset);
        await throughLife(stack, app);
        expect(killed().length).toBeGreaterThan(3);
        stack.proxy.assertDescribed();
      } finally {
        stack.proxy.afterWrite(undefined);
        await stack.close();
      }
    },
    12 * minutes,
  );
});

/** Kills the control worker after each chosen write had its effect, before the worker hears of it. */
function killAtWrites(stack: GithubStack, chosen: (at: number) => boolean): () => readonly string[] {
  let at = -1;
  const killed: string[] = [];
  let restarting: Promise<void> = Promise.resolve();
  stack.proxy.afterWrite(async ({ method, url }) => {
    // Making a token changes nothing that anybody sees.
    if (url.endsWith('/access_tokens')) return;
    at += 1;
    if (!chosen(at)) return;
    killed.push(`${method} ${url}`);
    restarting = restarting.then(() => stack.api.killControl());
    await restarting;
  });
  return () => killed;
}

async function throughLife(stack: GithubStack, app: AppAtGithub): Promise<void> {
  const { repository } = app;
  const client = stack.client(await stack.github.personToken('maintainer'));
  const [owner = '', repo = ''] = repository.split('/');
  const at = { owner, repo };
  const branches = async () => {
    const { data } = await client.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', {
      ...at,
      ref: 'heads/',
    });
    return data.map(({ ref }) => ref.replace('refs/heads/', '')).sort();
  };
  const pulls = async () => (await client.request('GET /repos/{owner}/{repo}/pulls', { ...at, state: 'all' })).data;
  const tree = async () =>
    (await client.request('GET /repos/{owner}/{repo}/branches/{branch}', { ...at, branch: 'main' })).data.commit.commit
      .tree.sha;
  const before = await tree();

  const installation = await app.install();
  await app.until(installation, { status: 'in_review', pullRequest: { state: 'open' } }, 300);
  expect(await branches()).toEqual([`graft/install/${installation}`, 'main']);
  const [pull, ...others] = await pulls();
  expect(others).toEqual([]);
  const number = pull?.number ?? 0;
  const { data: commits } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/commits', {
    ...{ ...at, pull_number: number },
  });
  expect(commits).toHaveLength(1);
  const { data: runsOfHead } = await client.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...{ ...at, ref: pull?.head.sha ?? '' },
  });
  expect(runsOfHead.check_runs.map(({ conclusion }) => conclusion)).toEqual(['success']);

  await stack.github.act('maintainer').merge(repository, number, 'squash');
  await app.until(installation, { status: 'active' }, 300);
  expect(stack.github.secrets(repository)).toEqual({ STRIPE_SECRET_KEY: stripeKeys('good').secretKey });
  expect(await branches()).toEqual(['main']);

  await app.call('DELETE', `/${installation}`);
  await app.until(installation, { status: 'removing', pullRequest: { state: 'open', number: number + 1 } }, 300);
  await stack.github.act('maintainer').merge(repository, number + 1, 'merge');
  await app.until(installation, { status: 'removed' }, 300);
  expect([stack.github.secrets(repository), stack.github.variables(repository)]).toEqual([{}, {}]);
  expect(await branches()).toEqual(['main']);
  expect(await pulls()).toHaveLength(2);
  expect(await tree()).toBe(before);

  // One that is declined comes to the same end.
  const declined = await app.install();
  const third = await app.until(declined, { status: 'in_review', pullRequest: { state: 'open' } }, 300);
  await stack.github.act('maintainer').close(repository, third.pullRequest?.number ?? 0);
  await app.until(declined, { status: 'declined' }, 300);
  expect(await branches()).toEqual(['main']);
  expect(await tree()).toBe(before);
}
