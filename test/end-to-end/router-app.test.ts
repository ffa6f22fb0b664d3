import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templates } from '../../cli/demo/app-repository.ts';
import { mergePullRequest } from '../../code-host/local/review.ts';
import { createApp, stripeKeys } from '../harness/app-on-stack.ts';
import { findCanary } from '../harness/find-canary.ts';
import { useStack } from '../harness/stack.ts';

const minutes = 60_000;
const stack = useStack();
const options = {
  oneTimePayments: true,
  subscriptions: true,
  applePay: true,
  googlePay: true,
  currency: 'sar',
  merchantIdentifier: 'merchant.com.example.shop',
};

describe('an expo-router app with a server, every option on', () => {
  it(
    'is installed with its API routes and taken out byte for byte, and the secret is nowhere but where it is published',
    async () => {
      const app = await createApp(stack(), 'router', templates.router);
      const clone = app.clone();
      const config = clone.read('app.json');
      clone.write('app.json', config.replace(/"output": "\w+"/, '"output": "server"'));
      expect(clone.read('app.json')).not.toBe(config);
      clone.git('commit', '--quiet', '--all', '--message', 'Serve routes');
      clone.git('push', '--quiet', 'origin', 'main');
      const treeBefore = await app.tree();

      const canary = stripeKeys('canaryZ9');
      await expect(
        app.install({ credentials: { ...canary, publishableKey: canary.secretKey }, options }),
      ).rejects.not.toThrow(canary.secretKey);
      const wrong = stripeKeys('revokedCanaryZ9');
      const installation = await app.install({ credentials: wrong, options });
      await app.until(installation, ({ needsAttention }) => needsAttention?.reason === 'credentials_rejected');
      await app.send(installation, 'POST', '/credentials', { credentials: canary });
      const review = await app.until(installation, ({ pullRequest }) => pullRequest !== null, 400);
      clone.git('fetch', '--quiet');
      const files = clone.git('ls-tree', '-r', '--name-only', `origin/graft/install/${installation}`);
      expect(files).toMatch(/^src\/app\/api\/stripe\/.+\+api\.ts$/m);
      expect(review.pullRequest?.draft).toBe(false);

      await mergePullRequest(stack().repositories, app.name, review.pullRequest?.number ?? 0);
      await app.until(installation, ({ status }) => status === 'active');
      await app.send(installation, 'POST', '/test', {});

      const { values, processes } = stack();
      const stateDir = join(values, '..');
      for (const key of [canary.secretKey, wrong.secretKey]) {
        const found = await findCanary(stateDir, key);
        expect(found.filter((path) => !path.startsWith(values))).toEqual([]);
      }
      // The search finds what is there.
      expect(await findCanary(values, canary.secretKey)).toHaveLength(1);
      for (const pid of Object.values(processes))
        for (const file of ['environ', 'cmdline'])
          expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toContain(canary.secretKey);

      await app.send(installation, 'DELETE', '');
      const removal = await app.until(
        installation,
        ({ status, pullRequest }) => status === 'removing' && pullRequest?.state === 'open',
      );
      await mergePullRequest(stack().repositories, app.name, removal.pullRequest?.number ?? 0);
      await app.until(installation, ({ status }) => status === 'removed');
      expect(await app.tree()).toBe(treeBefore);
      expect(await findCanary(values, canary.secretKey)).toEqual([]);
      clone.remove();
    },
    20 * minutes,
  );
});
