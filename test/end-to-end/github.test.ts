import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskQueues } from '../../contract/workflows.ts';
import { installations } from '../../db/schema/installations.ts';
import { operations } from '../../db/schema/operations.ts';
import { stripeKeys } from '../harness/app-on-stack.ts';
import { type AppAtGithub, type GithubStack, startGithubStack } from '../harness/github-stack.ts';

const minutes = 60_000;
const names = ['EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY', 'STRIPE_SECRET_KEY'];
let stack: GithubStack;

beforeAll(async () => {
  stack = await startGithubStack();
  stack.validateAll();
}, 3 * minutes);
afterAll(async () => {
  stack.proxy.assertDescribed();
  await stack.close();
});

/** Everything of a repository that people can see: branches, base tree, secrets, variables. */
async function look({ repository }: AppAtGithub) {
  const client = stack.client(await stack.github.personToken('maintainer'));
  const [owner = '', repo = ''] = repository.split('/');
  const { data: refs } = await client.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', {
    ...{ owner, repo, ref: 'heads/' },
  });
  const { data: base } = await client.request('GET /repos/{owner}/{repo}/branches/{branch}', {
    ...{ owner, repo, branch: 'main' },
  });
  return {
    branches: refs.map(({ ref }) => ref.replace('refs/heads/', '')).sort(),
    tree: base.commit.commit.tree.sha,
    secrets: stack.github.secrets(repository),
    variables: stack.github.variables(repository),
  };
}

describe('an app at GitHub', () => {
  it(
    'gets a connector by a pull request with few requests, values after the merge, and comes back as it was',
    async () => {
      const app = await stack.createApp('shop');
      const before = await look(app);
      const installation = await app.install();
      const { pullRequest } = await app.until(installation, { status: 'in_review', pullRequest: { state: 'open' } });
      expect(pullRequest?.draft).toBe(false);
      const sincePlanned = stack.proxy.log().slice(stack.requestsWhenPlanned());
      const untilChecks = sincePlanned.findIndex(({ url }) => url.includes('/check-runs'));
      expect(untilChecks).toBeGreaterThan(0);
      expect(
        sincePlanned.slice(0, untilChecks).map(({ method, url }) => `${method} ${url}`).length,
      ).toBeLessThanOrEqual(12);
      expect(await look(app)).toEqual({ ...before, branches: [`graft/install/${installation}`, 'main'] });

      await stack.github.act('maintainer').merge(app.repository, pullRequest?.number ?? 0, 'squash');
      await app.until(installation, { status: 'active' });
      const active = await look(app);
      const keys = stripeKeys('good');
      expect(active).toMatchObject({
        branches: ['main'],
        secrets: { STRIPE_SECRET_KEY: keys.secretKey },
        variables: { EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY: keys.publishableKey },
      });

      await app.call('DELETE', `/${installation}`);
      const removing = await app.until(installation, { status: 'removing', pullRequest: { state: 'open', number: 2 } });
      await stack.github.mergeThroughQueue(app.repository, removing.pullRequest?.number ?? 0);
      await app.until(installation, { status: 'removed' });
      expect(await look(app)).toEqual(before);
    },
    4 * minutes,
  );

  it(
    'is as it was after an installation that was declined, aborted by a comment, or aborted by the api',
    async () => {
      const app = await stack.createApp('declining');
      const before = await look(app);
      const maintainer = stack.github.act('maintainer');
      const client = stack.client(await stack.github.personToken('maintainer'));
      const [owner = '', repo = ''] = app.repository.split('/');

      const declined = await app.install();
      const { pullRequest } = await app.until(declined, { status: 'in_review', pullRequest: { state: 'open' } });
      const number = pullRequest?.number ?? 0;
      await maintainer.close(app.repository, number);
      await app.until(declined, { status: 'declined' });
      expect(await look(app)).toEqual(before);

      const body = { connector: 'stripe', environment: 'development', credentials: stripeKeys('good') };
      expect(await app.call('POST', '', body)).toMatchObject({ status: 409, body: { code: 'declined_before' } });

      const commented = await app.install({ again: true });
      const second = await app.until(commented, { status: 'in_review', pullRequest: { state: 'open' } });
      await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...{ owner, repo, issue_number: second.pullRequest?.number ?? 0 },
        body: 'No longer wanted.\n\n/graft abort',
      });
      await app.until(commented, { status: 'aborted' });
      expect(await look(app)).toEqual(before);

      const aborted = await app.install({ again: true });
      await app.until(aborted, { status: 'in_review', pullRequest: { state: 'open' } });
      await app.call('DELETE', `/${aborted}`);
      await app.until(aborted, { status: 'aborted' });
      expect(await look(app)).toEqual(before);
    },
    4 * minutes,
  );

  it(
    'waits, instead of failing, while GitHub asks for fewer requests',
    async () => {
      const app = await stack.createApp('limited');
      for (const path of [/\/git\/trees$/, /\/git\/commits$/, /\/pulls$/])
        stack.proxy.fail({ method: 'POST', path, fault: { kind: 'rate_limited', status: 429, retryAfterSeconds: 2 } });
      stack.proxy.fail({ method: 'POST', path: /\/git\/refs$/, fault: { kind: 'reset_after_effect' } });
      stack.proxy.fail({ method: 'POST', path: /\/pulls$/, fault: { kind: 'bad_gateway' } });
      stack.proxy.fail({ method: 'POST', path: /\/issues\/\d+\/labels$/, fault: { kind: 'bad_gateway' } });
      const installation = await app.install();
      const { pullRequest } = await app.until(
        installation,
        { status: 'in_review', pullRequest: { state: 'open' } },
        120,
      );
      expect(pullRequest?.number).toBe(1);
      const client = stack.client(await stack.github.personToken('maintainer'));
      const [owner = '', repo = ''] = app.repository.split('/');
      const { data } = await client.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...{ owner, repo, pull_number: 1 },
      });
      expect(data.labels.map(({ name }) => name)).toEqual(['graft', 'graft:install', 'graft:stripe']);
      expect((await look(app)).branches).toEqual([`graft/install/${installation}`, 'main']);
    },
    4 * minutes,
  );

  it(
    'keeps a value that was there before, and takes away only what it published',
    async () => {
      const app = await stack.createApp('valued');
      const client = stack.client(await stack.github.personToken('acme'));
      const [owner = '', repo = ''] = app.repository.split('/');
      await client.request('POST /repos/{owner}/{repo}/actions/variables', {
        ...{ owner, repo, name: names[0] ?? '', value: 'theirs' },
      });
      const before = await look(app);
      const installation = await app.install();
      await app.until(installation, { needsAttention: { reason: 'value_exists' } });
      await app.call('POST', `/${installation}/retry`, { choice: 'keep' });
      const { pullRequest } = await app.until(installation, { status: 'in_review', pullRequest: { state: 'open' } });
      await stack.github.act('maintainer').merge(app.repository, pullRequest?.number ?? 0, 'rebase');
      await app.until(installation, { status: 'active' });
      expect(await look(app)).toMatchObject({
        secrets: { STRIPE_SECRET_KEY: stripeKeys('good').secretKey },
        variables: { [names[0] ?? '']: 'theirs' },
      });
      await app.call('DELETE', `/${installation}?keepCode=true`);
      await app.until(installation, { status: 'disconnected' });
      expect(await look(app)).toMatchObject({ secrets: before.secrets, variables: before.variables });
    },
    4 * minutes,
  );

  it(
    'is active, and rid of a connector, also where a rule of the repository keeps our branches',
    async () => {
      const app = await stack.createApp('ruled');
      const maintainer = stack.github.act('maintainer');
      const message = 'Repository rule violations found\n\nCannot delete this branch';
      const keepBranches = () =>
        stack.proxy.fail({ method: 'DELETE', path: /\/git\/refs\//, fault: { kind: 'refused', status: 422, message } });
      const installation = await app.install();
      const { pullRequest } = await app.until(installation, { status: 'in_review', pullRequest: { state: 'open' } });
      keepBranches();
      await maintainer.merge(app.repository, pullRequest?.number ?? 0, 'merge');
      await app.until(installation, { status: 'active' });

      await app.call('DELETE', `/${installation}`);
      const removing = await app.until(installation, { status: 'removing', pullRequest: { state: 'open', number: 2 } });
      keepBranches();
      await maintainer.merge(app.repository, removing.pullRequest?.number ?? 0, 'merge');
      await app.until(installation, { status: 'removed' });
    },
    4 * minutes,
  );

  it(
    'keeps what people put into an environment that they made while values were published elsewhere',
    async () => {
      const app = await stack.createApp('moving');
      const [owner = '', repo = ''] = app.repository.split('/');
      const installation = await app.install();
      const { pullRequest } = await app.until(installation, { status: 'in_review', pullRequest: { state: 'open' } });
      const message = 'Resource not accessible by integration';
      stack.proxy.fail({ method: 'POST', path: /\/variables$/, fault: { kind: 'refused', status: 403, message } });
      await stack.github.act('maintainer').merge(app.repository, pullRequest?.number ?? 0, 'squash');
      await app.until(installation, { needsAttention: { reason: 'code_host_refused' } });

      await stack.github.createEnvironment(app.repository, 'development');
      const client = stack.client(await stack.github.personToken('acme'));
      await client.request('POST /repos/{owner}/{repo}/environments/{environment_name}/variables', {
        ...{ owner, repo, environment_name: 'development', name: names[0] ?? '', value: 'theirs' },
      });
      await app.call('POST', `/${installation}/retry`);
      await app.until(installation, { needsAttention: { reason: 'value_exists' } });
      await app.call('POST', `/${installation}/retry`, { choice: 'keep' });
      await app.until(installation, { status: 'active' });
      expect(stack.github.variables(app.repository, 'development')).toEqual({ [names[0] ?? '']: 'theirs' });
      expect(stack.github.secrets(app.repository, 'development')).toEqual({
        STRIPE_SECRET_KEY: stripeKeys('good').secretKey,
      });
    },
    4 * minutes,
  );

  it(
    'is as it was, with the values of people, after an installation whose deadline came in review',
    async () => {
      const app = await stack.createApp('expiring');
      const client = stack.client(await stack.github.personToken('acme'));
      const [owner = '', repo = ''] = app.repository.split('/');
      await client.request('POST /repos/{owner}/{repo}/actions/variables', { owner, repo, name: 'THEIRS', value: '1' });
      const before = await look(app);
      const installation = await app.install();
      await app.until(installation, { status: 'in_review', pullRequest: { state: 'open' } });
      // Its workflow is lost and started again as reconciliation does, fourteen days later by the rows.
      const { api } = stack;
      await api.client.workflow.getHandle(installation).terminate('lost, for the test');
      const due = sql`now() + interval '30 seconds'`;
      const claimed = sql`${due} - interval '14 days'`;
      await api.owner.update(installations).set({ deadline: due }).where(eq(installations.id, installation));
      await api.owner.update(operations).set({ createdAt: claimed }).where(eq(operations.installation, installation));
      await api.client.workflow.execute('reconcileInstallations', {
        workflowId: 'reconcile-now',
        taskQueue: taskQueues.control,
      });
      await app.until(installation, { status: 'in_review', pullRequest: { number: 1, state: 'open' } }, 25);
      const { message } = await app.until(installation, { status: 'expired', pullRequest: { state: 'closed' } });
      expect(message).toMatch(/not merged before the deadline/);
      expect(await look(app)).toEqual(before);
    },
    4 * minutes,
  );

  it(
    'is let go where its repository is deleted, and waited for where only the App is gone',
    async () => {
      const factsOf = async (app: AppAtGithub, installation: string) => {
        const path = `/projects/${app.project}/connectors/${installation}`;
        return stack.api.stream(path, (seen) => seen.includes('"facts"') && /"status":"(removed|aborted)"/.test(seen));
      };
      const removed = await stack.createApp('deleted');
      const active = await removed.install();
      const { pullRequest } = await removed.until(active, { status: 'in_review', pullRequest: { state: 'open' } });
      await stack.github.act('maintainer').merge(removed.repository, pullRequest?.number ?? 0, 'merge');
      await removed.until(active, { status: 'active' });
      await removed.call('DELETE', `/${active}`);
      await removed.until(active, { status: 'removing', pullRequest: { state: 'open', number: 2 } });
      const message = 'Resource not accessible by integration';
      stack.proxy.fail({ method: 'DELETE', path: /\/secrets\//, fault: { kind: 'refused', status: 403, message } });
      await stack.github.act('maintainer').merge(removed.repository, 2, 'merge');
      await removed.until(active, { status: 'removing', needsAttention: { reason: 'code_host_refused' } });
      await stack.github.deleteRepository(removed.repository);
      await removed.call('POST', `/${active}/retry`);
      await removed.until(active, { status: 'removed' });
      expect(await factsOf(removed, active)).toMatch(
        /acme\/deleted is gone: .* Not taken back there: .*STRIPE_SECRET_KEY/,
      );

      const undone = await stack.createApp('undone');
      const given = await undone.install();
      await undone.until(given, { status: 'in_review', pullRequest: { state: 'open' } });
      const installAgain = await stack.uninstall();
      await undone.call('POST', `/${given}/abort`);
      const waiting = { status: 'undoing', needsAttention: { reason: 'code_host_refused' } };
      const { needsAttention } = await undone.until(given, waiting);
      expect(needsAttention?.message).toMatch(/App is not installed for acme/);
      await installAgain();
      await stack.github.deleteRepository(undone.repository);
      await undone.call('POST', `/${given}/retry`);
      await undone.until(given, { status: 'aborted' });
      expect(await factsOf(undone, given)).toMatch(/acme\/undone is gone: .* Nothing was taken back there/);
    },
    4 * minutes,
  );
});
