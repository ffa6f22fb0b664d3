import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { branches } from '../../cli/demo/app-repository.ts';
import { createLocalCodeHost } from '../../code-host/local/index.ts';
import { mergePullRequest } from '../../code-host/local/review.ts';
import { closeDatabase, connectDatabase } from '../../db/connect.ts';
import { countLeftovers } from '../../db/queries/leftovers.ts';
import { type AppOnStack, createApp, stripeKeys } from '../harness/app-on-stack.ts';
import { useStack } from '../harness/stack.ts';

const minutes = 60_000;
const stack = useStack();
let app: AppOnStack;
let treeAtFirst: string;

beforeAll(async () => {
  app = await createApp(stack(), 'shop');
  treeAtFirst = await app.tree();
}, 10 * minutes);

const inReview = ({ status, pullRequest }: { status: string; pullRequest: unknown }) =>
  status === 'in_review' && pullRequest !== null;

async function merge(installation: string): Promise<void> {
  const { pullRequest } = await app.read(installation);
  await mergePullRequest(stack().repositories, app.name, pullRequest?.number ?? 0);
}

function publishedFile(environment: string): string {
  const file = join(stack().values, app.project, `${environment}.env`);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The text of the newest pull request of an installation, which tells nothing of the machine it comes from. */
async function textOf(installation: string): Promise<string> {
  const { pullRequest } = await app.read(installation);
  const host = createLocalCodeHost({ root: stack().repositories });
  const { body } = await host.readPullRequest(app.name, pullRequest?.number ?? 0);
  expect(body).not.toMatch(/127\.0\.0\.1|localhost|file:\/|\b[sr]k_(?:test|live)_/);
  for (const inside of [stack().apiUrl, stack().repositories, stack().workspaces, tmpdir(), process.cwd()])
    expect(body).not.toContain(inside);
  return body;
}

async function expectNothingLeft(installation: string): Promise<void> {
  expect(await app.tree()).toBe(treeAtFirst);
  expect((await branches(app.repository)).filter((name) => name !== 'main')).toEqual([]);
  const database = connectDatabase(stack().databaseUrl, { connections: 1 });
  try {
    expect(await countLeftovers(database, installation)).toMatchObject({
      publishedNames: 0,
      submissions: 0,
      claims: 0,
      usableVersions: 0,
    });
  } finally {
    await closeDatabase(database);
  }
  const workspaces = readdirSync(stack().workspaces, { recursive: true, encoding: 'utf8' });
  expect(workspaces.filter((path) => path.split('/').at(-1)?.startsWith('ins_'))).toEqual([]);
}

// One app through everything, in order: each part leaves it as the first found it.
describe('a real app on the embedded stack', () => {
  it(
    'waits on a key that Stripe does not know, goes on with a good one, and is declined without a trace',
    async () => {
      const installation = await app.install({ credentials: stripeKeys('revoked') });
      const waiting = await app.until(installation, (view) => view.needsAttention !== null);
      expect(waiting.needsAttention).toMatchObject({
        reason: 'credentials_rejected',
        answers: ['replaceCredentials', 'retry', 'abort'],
      });
      await app.send(installation, 'POST', '/credentials', { credentials: stripeKeys('good') });
      const review = await app.until(installation, inReview);
      expect(review.pullRequest?.draft).toBe(false);

      const clone = app.clone();
      clone.git('push', '--quiet', 'origin', `:graft/install/${installation}`);
      clone.remove();
      await expect.poll(async () => (await app.read(installation)).status, { timeout: minutes }).toBe('declined');
      expect((await app.read(installation)).credentials?.state).toBe('destroyed');
      await expectNothingLeft(installation);
    },
    15 * minutes,
  );

  it(
    'installs, publishes after the merge, adds an environment without a pull request, and is taken out by its last one',
    async () => {
      await expect(app.install({ credentials: stripeKeys('good') })).rejects.toThrow('again: true');
      const first = await app.install({ credentials: stripeKeys('good'), again: true });
      await app.until(first, inReview);
      const text = await textOf(first);
      expect(text).toMatch(/\*\*Needs a new native build\*\*.+`[0-9a-f]{10}` → `[0-9a-f]{10}`/);
      expect(text).toContain('| Build | ✅ passed | not run |');
      expect(publishedFile('development')).toBe('');
      await expect(app.install({ credentials: stripeKeys('good') })).rejects.toThrow('409');
      await merge(first);
      const active = await app.until(first, ({ status }) => status === 'active');
      expect(active.publishedNames).toEqual(['EXPO_PUBLIC_STRIPE_PUBLISHABLE_KEY', 'STRIPE_SECRET_KEY']);
      expect(publishedFile('development')).toContain(stripeKeys('good').secretKey);

      const second = await app.install({ environment: 'staging', credentials: stripeKeys('staging') });
      const staged = await app.until(second, ({ status }) => status === 'active');
      expect(staged.pullRequest).toBeNull();
      expect(publishedFile('staging')).toContain(stripeKeys('staging').secretKey);

      await app.send(first, 'DELETE', '');
      await app.until(first, ({ status }) => status === 'removed');
      expect(publishedFile('development')).not.toContain('STRIPE');
      expect(await app.tree()).not.toBe(treeAtFirst);

      await app.send(second, 'DELETE', '');
      await app.until(second, ({ status, pullRequest }) => status === 'removing' && pullRequest?.state === 'open');
      // The way back ends at the fingerprint that the app had before.
      const [, before, after] = /`([0-9a-f]{10})` → `([0-9a-f]{10})`/.exec(text) ?? [];
      expect(await textOf(second)).toContain(`\`${after}\` → \`${before}\``);
      expect(publishedFile('staging')).toContain('STRIPE');
      await merge(second);
      await app.until(second, ({ status }) => status === 'removed');
      await expectNothingLeft(second);
    },
    15 * minutes,
  );

  it(
    'keeps what a person pushes, is disconnected and connected again, and comes back to life when a removal is declined',
    async () => {
      const installation = await app.install({ credentials: stripeKeys('good') });
      await app.until(installation, inReview);
      const clone = app.clone();
      clone.git('checkout', '--quiet', `graft/install/${installation}`);
      clone.write('App.tsx', clone.read('App.tsx').replace('Open up App.tsx', 'Welcome! Open up App.tsx'));
      clone.git('commit', '--quiet', '--all', '--message', 'Say welcome');
      clone.git('push', '--quiet', 'origin', 'HEAD');
      const pushed = clone.git('rev-parse', 'HEAD').trim();
      await expect
        .poll(
          async () => ((await app.read(installation)) as unknown as { pullRequest: { head: string } }).pullRequest.head,
          {
            timeout: 2 * minutes,
          },
        )
        .toBe(pushed);

      // Merged by hand in the repository, not with our button.
      clone.git('checkout', '--quiet', 'main');
      clone.git('merge', '--quiet', '--no-ff', '--message', 'Merge it by hand', pushed);
      clone.git('push', '--quiet', 'origin', 'main');
      await app.until(installation, ({ status }) => status === 'active');
      expect(clone.git('show', 'main:App.tsx')).toContain('Welcome!');

      await app.send(installation, 'DELETE', '?keepCode=true');
      const disconnected = await app.until(installation, ({ status }) => status === 'disconnected');
      expect(disconnected.credentials?.state).toBe('destroyed');
      expect(publishedFile('development')).not.toContain('STRIPE');
      await app.send(installation, 'POST', '/credentials', { credentials: stripeKeys('again') });
      await app.until(installation, ({ status }) => status === 'active');
      expect(publishedFile('development')).toContain(stripeKeys('again').secretKey);

      await app.send(installation, 'DELETE', '');
      await app.until(
        installation,
        ({ status, pullRequest }) => status === 'removing' && pullRequest?.state === 'open',
      );
      await app.send(installation, 'POST', '/abort', {});
      const back = await app.until(installation, ({ status }) => status === 'active');
      expect(back.publishedNames).toHaveLength(2);

      await app.send(installation, 'DELETE', '');
      await app.until(
        installation,
        ({ status, pullRequest }) => status === 'removing' && pullRequest?.state === 'open',
      );
      await merge(installation);
      await app.until(installation, ({ status }) => status === 'removed');
      // The person's own edit stays; everything of ours is gone.
      clone.git('pull', '--quiet');
      expect(clone.read('App.tsx')).toContain('Welcome!');
      expect(clone.read('App.tsx')).not.toContain('ConnectorProviders');
      expect(clone.git('ls-files')).not.toContain('connectors/');
      clone.write('App.tsx', clone.read('App.tsx').replace('Welcome! ', ''));
      clone.git('commit', '--quiet', '--all', '--message', 'Say it as before');
      clone.git('push', '--quiet', 'origin', 'main');
      clone.remove();
      await expectNothingLeft(installation);
    },
    15 * minutes,
  );

  it(
    'merges a base that moved in manifest and lock file, and keeps what a person did on the branch meanwhile',
    async () => {
      const installation = await app.install({ credentials: stripeKeys('good') });
      await app.until(installation, inReview);
      const clone = app.clone();
      const release = (from: string, to: string) => {
        // The lock file names the root package twice, before all others.
        for (const file of ['package.json', 'package-lock.json', 'package-lock.json'])
          clone.write(file, clone.read(file).replace(`"version": "${from}"`, `"version": "${to}"`));
      };
      const { version } = JSON.parse(clone.read('package.json')) as { version: string };
      release(version, '100.0.0');
      clone.git('commit', '--quiet', '--all', '--message', 'Release');
      const base = clone.git('rev-parse', 'HEAD').trim();
      clone.git('checkout', '--quiet', `graft/install/${installation}`);
      clone.write('App.tsx', clone.read('App.tsx').replace('Open up App.tsx', 'Welcome! Open up App.tsx'));
      clone.git('commit', '--quiet', '--all', '--message', 'Say welcome');
      const theirs = clone.git('rev-parse', 'HEAD').trim();
      clone.git('push', '--quiet', '--atomic', 'origin', 'HEAD', 'main');

      await app.until(
        installation,
        (view) => inReview(view) && (view as unknown as { plan: { baseCommit: string } }).plan.baseCommit === base,
      );
      const branch = `graft/install/${installation}`;
      await expect
        .poll(() => clone.git('ls-remote', 'origin', `refs/heads/${branch}`).startsWith(theirs), {
          timeout: 4 * minutes,
        })
        .toBe(false);
      clone.git('fetch', '--quiet');
      expect(clone.git('rev-list', '--parents', '-n', '1', `origin/${branch}`)).toContain(`${theirs} ${base}`);
      const lock = clone.git('show', `origin/${branch}:package-lock.json`);
      expect(JSON.parse(lock)).toMatchObject({
        version: '100.0.0',
        packages: { 'node_modules/@stripe/stripe-react-native': {} },
      });
      await app.until(installation, (view) => view.step === 'pull_request' && view.pullRequest?.draft === false);
      await merge(installation);
      await app.until(installation, ({ status }) => status === 'active');

      await app.send(installation, 'DELETE', '');
      await app.until(
        installation,
        ({ status, pullRequest }) => status === 'removing' && pullRequest?.state === 'open',
      );
      await merge(installation);
      await app.until(installation, ({ status }) => status === 'removed');
      clone.git('checkout', '--quiet', 'main');
      clone.git('pull', '--quiet');
      clone.write('App.tsx', clone.read('App.tsx').replace('Welcome! ', ''));
      release('100.0.0', version);
      clone.git('commit', '--quiet', '--all', '--message', 'As before');
      clone.git('push', '--quiet', 'origin', 'main');
      clone.remove();
      await expectNothingLeft(installation);
    },
    15 * minutes,
  );

  it(
    'opens a draft with the snippet when the root cannot be edited, and is ready when a person has pasted it',
    async () => {
      const clone = app.clone();
      const original = clone.read('App.tsx');
      clone.write('App.tsx', 'import { create } from "./create";\nexport default create();\n');
      clone.write('create.tsx', 'import { View } from "react-native";\nexport const create = () => () => <View />;\n');
      clone.git('add', '--all');
      clone.git('commit', '--quiet', '--message', 'A root that only its author understands');
      clone.git('push', '--quiet', 'origin', 'main');

      const installation = await app.install({ credentials: stripeKeys('good') });
      const waiting = await app.until(
        installation,
        ({ needsAttention }) => needsAttention?.reason === 'manual_edit_needed',
      );
      expect(waiting.pullRequest).toMatchObject({ draft: true, state: 'open' });

      clone.git('fetch', '--quiet');
      clone.git('checkout', '--quiet', `graft/install/${installation}`);
      clone.write(
        'App.tsx',
        'import { create } from "./create";\nimport { ConnectorProviders } from "./connectors/providers";\n\nconst Root = create();\nexport default function App() {\n  return <ConnectorProviders><Root /></ConnectorProviders>;\n}\n',
      );
      clone.git('commit', '--quiet', '--all', '--message', 'Wrap the root');
      clone.git('push', '--quiet', 'origin', 'HEAD');
      await app.until(
        installation,
        ({ needsAttention, pullRequest }) => needsAttention === null && pullRequest?.draft === false,
      );

      await app.send(installation, 'POST', '/abort', {});
      await expect.poll(async () => (await app.read(installation)).status, { timeout: minutes }).toBe('aborted');
      // A person's commit is on that branch, so it stays theirs.
      expect(await branches(app.repository)).toContain(`graft/install/${installation}`);
      clone.git('push', '--quiet', 'origin', `:graft/install/${installation}`);
      clone.git('checkout', '--quiet', 'main');
      clone.git('rm', '--quiet', 'create.tsx');
      clone.write('App.tsx', original);
      clone.git('commit', '--quiet', '--all', '--message', 'The root as before');
      clone.git('push', '--quiet', 'origin', 'main');
      clone.remove();
      await expectNothingLeft(installation);
    },
    15 * minutes,
  );
});
