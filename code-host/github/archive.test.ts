import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GithubHostUnderTest, closeGithub, makeGithubHost } from '../../test/harness/github-code-host.ts';
import { startGithubFront } from '../../test/harness/github-front.ts';
import { createGithubCodeHost } from './index.ts';

const files = {
  'readme.md': { mode: '100644', text: 'one\ntwo\n' },
  'run.sh': { mode: '100755', text: '#!/bin/sh\n' },
} as const;

let made: GithubHostUnderTest;
beforeEach(async () => {
  made = await makeGithubHost(files, 'app');
});
afterEach(async () => {
  await made.remove();
});
afterAll(closeGithub);

describe('the archive', () => {
  const readHead = async () => {
    const { commit } = await made.host.readBase(made.repository);
    const snapshot = await made.host.readSnapshot(made.repository, commit);
    return Object.fromEntries([...snapshot].map(([path, { bytes }]) => [path, Buffer.from(bytes).toString()]));
  };

  it('is completed where attributes leave files out of it or change them', async () => {
    const pushed = {
      '.gitattributes': 'secret.txt export-ignore\nversion.txt export-subst\nwindows.txt text eol=crlf\n',
      'secret.txt': 'not for archives\n',
      'version.txt': '$Format:%H$\n',
      'windows.txt': 'a\nb\n',
    };
    await made.person.push('main', pushed);
    made.takeRequests();
    expect(await readHead()).toMatchObject(pushed);
    expect(made.takeRequests().filter(({ route }) => route.includes('/blobs/'))).toHaveLength(2);
  });

  it('is refused with a submodule in the commit', async () => {
    const { commit } = await made.host.readBase(made.repository);
    await made.git('update-index', '--add', '--cacheinfo', `160000,${commit},vendor/library`);
    await made.git('commit', '--quiet', '--message=submodule');
    await made.git('push', '--quiet', 'origin', 'HEAD:main');
    await expect(readHead()).rejects.toMatchObject({ code: 'code_host_refused', message: /vendor\/library/ });
  });

  it.each([
    ['a path that leaves the tree', { name: 'acme-app-1/../../evil' }],
    ['a path from the root', { name: '/etc/evil' }],
    ['a file of git itself', { name: 'acme-app-1/.git/evil' }],
    ['a file that the commit lacks', { name: 'acme-app-1/evil' }],
    ['a link that the commit lacks', { name: 'acme-app-1/evil', type: 'symlink', linkname: '/etc/passwd' }],
    ['a hard link', { name: 'acme-app-1/evil', type: 'link', linkname: '/etc/passwd' }],
  ] as const)('is refused with %s', async (_, header) => {
    await expect(readThrough([[header, 'type' in header ? undefined : 'x']])).rejects.toMatchObject({
      code: 'code_host_refused',
      message: /evil/,
    });
  });

  it('is not believed where it differs from the commit', async () => {
    const snapshot = await readThrough([
      [{ name: 'acme-app-1/readme.md' }, 'not what was committed\n'],
      [{ name: 'acme-app-1/run.sh', type: 'symlink', linkname: '/etc/passwd' }, undefined],
    ]);
    expect([...snapshot].map(([path, { mode, bytes }]) => [path, mode, Buffer.from(bytes).toString()])).toEqual([
      ['readme.md', '100644', 'one\ntwo\n'],
      ['run.sh', '100755', '#!/bin/sh\n'],
    ]);
  });

  it('that breaks off is read again later', async () => {
    await expect(readThrough([[{ name: 'acme-app-1/readme.md' }, 'x'.repeat(3000)]], 40)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  type Entry = readonly [Parameters<ReturnType<typeof pack>['entry']>[0], string | undefined];
  async function readThrough(entries: readonly Entry[], bytesOfIt?: number) {
    const tar = pack();
    const all = buffer(tar);
    for (const [header, content] of entries) {
      if (content === undefined) tar.entry(header);
      else tar.entry(header, content);
    }
    tar.finalize();
    const archive = gzipSync(await all).subarray(0, bytesOfIt);
    const front = await startGithubFront(made.proxy.url, {
      answer: (path) => (path.includes('/tarball/') ? archive : undefined),
    });
    try {
      const host = createGithubCodeHost(made.another({ apiUrl: front.url }));
      const { commit } = await host.readBase(made.repository);
      return await host.readSnapshot(made.repository, commit);
    } finally {
      await front.close();
    }
  }
});
