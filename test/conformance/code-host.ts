import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeHost, CommitInput, PullRequestText } from '../../contract/code-host.ts';
import type { FileMode } from '../../contract/codegen.ts';
import { GraftError } from '../../contract/errors.ts';

/** A file of the repository that a host is tested with. */
export interface SeedFile {
  mode: FileMode;
  text: string;
}

/** A code host with one repository, and what people do to it by other ways than the interface. */
export interface CodeHostUnderTest {
  host: CodeHost;
  repository: string;
  /** A name of which there is no repository. */
  absentRepository: string;
  person: {
    /** Commits files (path → text) on a branch as it stands at the host and pushes it; gives the commit. */
    push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
    /** Rewrites the newest commit of a branch and pushes it by force; gives the commit. */
    amend(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
    /** Sets a branch back to where the base is, by force. */
    resetToBase(branch: string): Promise<void>;
    /** Merges a branch into the base in a clone of their own and pushes the base. */
    mergeByHand(branch: string, how: 'merge commit' | 'fast-forward'): Promise<void>;
    pressMerge(number: number, how: 'merge' | 'squash'): Promise<void>;
    pressClose(number: number): Promise<void>;
    /** Puts the commits of a branch onto the base as it is now and pushes it by force; gives the head. */
    rebase(branch: string): Promise<string>;
    retitle(number: number, title: string): Promise<void>;
    /** Says something at a pull request, as somebody who may write to the repository. */
    comment(number: number, text: string): Promise<void>;
    deleteBranch(branch: string): Promise<void>;
  };
  /** What a person sees at a pull request: texts of comments, and `name: verdict` of each check of a commit. */
  said(number: number, commit: string): Promise<{ comments: readonly string[]; checks: readonly string[] }>;
  remove(): Promise<void>;
}

const seed: Readonly<Record<string, SeedFile>> = {
  'App.tsx': { mode: '100644', text: 'export default 1;\n' },
  'readme.md': { mode: '100644', text: 'one\ntwo\nthree\n' },
  'scripts/run.sh': { mode: '100755', text: '#!/bin/sh\n' },
  'scripts/latest': { mode: '120000', text: '../readme.md' },
};
const branch = 'graft/install/ins_1';
const text: PullRequestText = {
  title: 'Add a connector',
  body: '**What**\n\n“why” ✓\n',
  draft: false,
  labels: ['graft'],
};

/** The conformance suite of `CodeHost`: whatever a new host is, these hold of it. */
export function testCodeHost(
  name: string,
  makeHost: (files: Readonly<Record<string, SeedFile>>) => Promise<CodeHostUnderTest>,
): void {
  describe(`code host: ${name}`, () => {
    let made: CodeHostUnderTest;
    let host: CodeHost;
    let repository: string;
    beforeEach(async () => {
      made = await makeHost(seed);
      ({ host, repository } = made);
    });
    afterEach(async () => await made.remove());

    const commitInput = async (over: Partial<CommitInput> = {}): Promise<CommitInput> => {
      const parents = over.parents ?? [(await host.readBase(repository)).commit];
      return {
        repository,
        branch,
        parents,
        onto: parents[0] ?? '',
        expectedHead: null,
        changes: [change('added.txt', 'added\n')],
        message: 'Add a connector\n\nBody.',
        ...over,
      };
    };
    const openPull = async (over: Partial<CommitInput> = {}) => {
      await host.commit(await commitInput(over));
      return await host.openPullRequest(repository, branch, text);
    };
    const read = async (number: number) => await host.readPullRequest(repository, number);

    describe('reading', () => {
      it('reads a blob by its id, also one that only history has, and knows what is none', async () => {
        const before = await host.readBase(repository);
        const blob = (content: string) =>
          createHash('sha1')
            .update(`blob ${Buffer.byteLength(content)}\0${content}`)
            .digest('hex');
        await made.person.push(before.branch, { 'readme.md': 'other\n' });
        const read = async (id: string) => {
          const bytes = await host.readBlob(repository, id);
          return bytes && Buffer.from(bytes).toString();
        };
        expect(await read(blob('one\ntwo\nthree\n'))).toBe('one\ntwo\nthree\n');
        expect(await read(blob('other\n'))).toBe('other\n');
        expect(await read(blob('never written\n'))).toBeUndefined();
        expect(await read('HEAD:readme.md')).toBeUndefined();
      });

      it('gives the base with its commit and tree', async () => {
        const base = await host.readBase(repository);
        expect(base.branch).toBe('main');
        expect(await host.readTree(repository, base.commit)).toBe(base.tree);
      });

      it('lists the branches of a folder, and no others', async () => {
        expect(await host.listBranches(repository, 'graft')).toEqual([]);
        await host.commit(await commitInput());
        await made.person.push('graft/mine', { 'mine.txt': 'mine\n' });
        await made.person.push('grafts', {});
        expect(await host.listBranches(repository, 'graft')).toEqual([branch, 'graft/mine'].toSorted());
        await expect(host.listBranches(made.absentRepository, 'graft')).rejects.toMatchObject({ code: 'not_found' });
      });

      it('gives every file of a commit with its mode and bytes', async () => {
        const { commit } = await host.readBase(repository);
        expect(textsOf(await host.readSnapshot(repository, commit))).toEqual(seed);
      });

      it('refuses a symbolic link that leaves the tree, also through another link', async () => {
        for (const links of [
          { away: '/etc/passwd' },
          { 'deep/away': '../../outside' },
          { 'a/b/up': '../..', away: 'a/b/up/../outside' },
        ]) {
          const changes = Object.entries(links).map(([path, target]) => change(path, target, '120000'));
          const evil = await host.commit(await commitInput({ branch: `graft/${crypto.randomUUID()}`, changes }));
          await expect(host.readSnapshot(repository, evil.commit)).rejects.toMatchObject({
            code: 'code_host_refused',
            message: expect.stringContaining('away'),
          });
        }
      });

      it('says that an unknown commit, pull request or repository is not there', async () => {
        await expect(host.readSnapshot(repository, 'a'.repeat(40))).rejects.toMatchObject({ code: 'not_found' });
        await expect(host.readTree(repository, 'a'.repeat(40))).rejects.toMatchObject({ code: 'not_found' });
        await expect(read(77)).rejects.toMatchObject({ code: 'not_found' });
        await expect(host.readBase(made.absentRepository)).rejects.toMatchObject({ code: 'not_found' });
      });
    });

    describe('commit', () => {
      it('adds, edits and deletes files with their modes and leaves all others', async () => {
        const made = await host.commit(
          await commitInput({
            changes: [
              change('new/deep.txt', 'deep\n'),
              change('new/run.sh', '#!/bin/sh\n', '100755'),
              change('new/link', 'deep.txt', '120000'),
              change('empty', ''),
              change('readme.md', 'one\n2\nthree\n'),
              { path: 'App.tsx', mode: '100644', bytes: null },
            ],
          }),
        );
        const { 'App.tsx': _, ...rest } = seed;
        expect(textsOf(await host.readSnapshot(repository, made.commit))).toEqual({
          ...rest,
          'readme.md': { mode: '100644', text: 'one\n2\nthree\n' },
          'new/deep.txt': { mode: '100644', text: 'deep\n' },
          'new/run.sh': { mode: '100755', text: '#!/bin/sh\n' },
          'new/link': { mode: '120000', text: 'deep.txt' },
          empty: { mode: '100644', text: '' },
        });
        expect(await host.readTree(repository, made.commit)).toBe(made.tree);
      });

      it('keeps bytes as they are, whatever line ends and attributes say', async () => {
        const bytes = new Uint8Array(256).map((_, at) => at);
        const made = await host.commit(
          await commitInput({
            changes: [
              change('.gitattributes', '* text=auto eol=crlf filter=evil ident\n'),
              change('mixed.txt', 'a\r\nb\n$Id$\n'),
              { path: 'bytes.bin', mode: '100644', bytes },
            ],
          }),
        );
        const snapshot = await host.readSnapshot(repository, made.commit);
        expect(new TextDecoder().decode(snapshot.get('mixed.txt')?.bytes)).toBe('a\r\nb\n$Id$\n');
        expect([...(snapshot.get('bytes.bin')?.bytes ?? [])]).toEqual([...bytes]);
      });

      it('gives the same tree when the change is taken back', async () => {
        const base = await host.readBase(repository);
        const first = await host.commit(await commitInput());
        const second = await host.commit(
          await commitInput({
            parents: [first.commit],
            expectedHead: first.commit,
            changes: [{ path: 'added.txt', mode: '100644', bytes: null }],
          }),
        );
        expect(second.tree).toBe(base.tree);
        expect(second.commit).not.toBe(base.commit);
      });

      it('is the same commit after a retry, also when somebody pushed on top of it', async () => {
        const input = await commitInput();
        const first = await host.commit(input);
        expect(await host.commit(input)).toEqual(first);
        const pushed = await made.person.push(branch, { 'readme.md': 'theirs\n' });
        expect(await host.commit(input)).toEqual(first);
        await host.openPullRequest(repository, branch, text);
        expect((await host.findPullRequest(repository, branch))?.head).toBe(pushed);
      });

      it('makes one commit of many tries at once', async () => {
        const input = await commitInput();
        const made = await Promise.all(Array.from({ length: 6 }, async () => await host.commit(input)));
        expect(new Set(made.map(({ commit }) => commit)).size).toBe(1);
      });

      it('lets one of two different commits win and refuses the other', async () => {
        const one = await commitInput({ changes: [change('one.txt', '1\n')] });
        const two = await commitInput({ changes: [change('two.txt', '2\n')] });
        const outcomes = await Promise.allSettled([host.commit(one), host.commit(two)]);
        const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
        const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
        expect([won.length, lost.length]).toEqual([1, 1]);
        expect(lost[0]?.reason).toBeInstanceOf(GraftError);
        expect(lost[0]?.reason).toMatchObject({ code: 'code_host_refused', message: expect.stringContaining(branch) });
        const pull = await host.openPullRequest(repository, branch, text);
        expect(pull.head).toBe(won[0]?.value.commit);
      });

      it('refuses a branch that stands elsewhere than expected, or is not there', async () => {
        const first = await host.commit(await commitInput());
        const pushed = await made.person.push(branch, { 'readme.md': 'theirs\n' });
        const next = { parents: [first.commit], expectedHead: first.commit, changes: [change('more.txt', 'more\n')] };
        await expect(host.commit(await commitInput(next))).rejects.toMatchObject({ code: 'code_host_refused' });
        expect((await host.openPullRequest(repository, branch, text)).head).toBe(pushed);
        await made.person.deleteBranch(branch);
        await expect(host.commit(await commitInput(next))).rejects.toMatchObject({ code: 'code_host_refused' });
      });

      it('refuses the base branch and paths that leave the tree', async () => {
        const base = await host.readBase(repository);
        await expect(
          host.commit(await commitInput({ branch: base.branch, expectedHead: base.commit })),
        ).rejects.toMatchObject({ code: 'code_host_refused' });
        for (const path of ['../out', '/etc/out', 'a/../../out', '.git/config', 'a/.GIT/config', 'a//b', '']) {
          await expect(host.commit(await commitInput({ changes: [change(path, 'x')] }))).rejects.toMatchObject({
            code: 'code_host_refused',
          });
        }
        expect(await host.readBase(repository)).toEqual(base);
      });
    });

    describe('merging the base in', () => {
      it('commits with two parents onto the tree of either, and is ours again and again', async () => {
        const { number, head, base } = await openPull();
        const moved = await made.person.push('main', { 'other.txt': 'other\n' });
        expect(await host.mergeBase(repository, head, moved)).toBe(base.commit);
        const input = await commitInput({
          parents: [head, moved],
          onto: moved,
          expectedHead: head,
          changes: [change('added.txt', 'added on top\n')],
          message: 'Merge main',
        });
        const merge = await host.commit(input);
        expect(await host.commit(input)).toEqual(merge);
        expect(textsOf(await host.readSnapshot(repository, merge.commit))).toEqual({
          ...seed,
          'other.txt': { mode: '100644', text: 'other\n' },
          'added.txt': { mode: '100644', text: 'added on top\n' },
        });
        expect(await read(number)).toMatchObject({ head: merge.commit, ours: true, mergeable: true, state: 'open' });
        expect(await host.mergeBase(repository, merge.commit, moved)).toBe(moved);
      });

      it('takes the tree of the other side as it is when nothing is changed on top', async () => {
        const { head } = await openPull();
        const moved = await made.person.push('main', { 'other.txt': 'other\n' });
        const parents = [head, moved];
        const merge = await host.commit(await commitInput({ parents, onto: moved, expectedHead: head, changes: [] }));
        expect(merge.tree).toBe(await host.readTree(repository, moved));
      });

      it('is not ours when a person put our commit onto another base', async () => {
        const { number } = await openPull();
        await made.person.push('main', { 'other.txt': 'other\n' });
        const head = await made.person.rebase(branch);
        expect(await read(number)).toMatchObject({ head, ours: false });
        await expect(host.deleteBranch(repository, branch)).rejects.toMatchObject({ code: 'code_host_refused' });
      });
    });

    describe('what is said at a pull request', () => {
      const ask = async (number: number) =>
        (await host.readRequests(repository, number)).map(({ command, allowed }) => ({ command, allowed }));

      it('obeys commands of people once, the oldest first, and takes nothing of our own for one', async () => {
        const { number } = await openPull();
        await made.person.comment(number, 'Looks good.\n\n> /graft abort');
        await made.person.comment(number, 'Once more, please:\n/graft retry');
        await host.comment(repository, number, 'help', 'Say so in a comment:\n\n/graft abort');
        await made.person.comment(number, '/graft regenerate');
        expect(await ask(number)).toEqual([
          { command: 'retry', allowed: true },
          { command: 'regenerate', allowed: true },
        ]);
        const [first] = await host.readRequests(repository, number);
        expect(first?.by).not.toBe('');
        await host.answerRequest(repository, number, first!.id, 'It is tried again.');
        await host.answerRequest(repository, number, first!.id, 'It is tried again.');
        expect(await ask(number)).toEqual([{ command: 'regenerate', allowed: true }]);
      });

      it('says a thing once for each key, and shows checks again in place of the earlier ones', async () => {
        const { number, head } = await openPull();
        await host.comment(repository, number, 'hello', 'One.');
        await host.comment(repository, number, 'hello', 'Two.');
        await host.comment(repository, number, 'other', 'Three.');
        const check = { id: 'types', name: 'Types', verdict: 'running', summary: 'runs', log: '' } as const;
        await host.reportChecks(repository, number, head, [check]);
        const done = { ...check, verdict: 'failed', summary: '1 error', log: 'a.ts(1,1): ```error```' } as const;
        await host.reportChecks(repository, number, head, [done, { ...done, id: 'build', name: 'Build' }]);
        await host.reportChecks(repository, number, head, [done, { ...done, id: 'build', name: 'Build' }]);
        const said = await made.said(number, head);
        expect(said.comments.map((comment) => comment.split('\n')[0])).toEqual(
          expect.arrayContaining(['Two.', 'Three.']),
        );
        expect(said.comments.filter((comment) => /^(One|Two|Three)\./.test(comment))).toHaveLength(2);
        expect(said.checks.toSorted()).toEqual(['Build: failed', 'Types: failed']);
      });
    });

    describe('pull request', () => {
      it('opens with its text, ours and mergeable', async () => {
        const { commit } = await host.commit(await commitInput());
        const pull = await host.openPullRequest(repository, branch, { ...text, draft: true, labels: ['graft'] });
        expect(pull).toMatchObject({ ...text, draft: true, number: 1, state: 'open', branch, head: commit });
        expect(pull).toMatchObject({ ours: true, base: await host.readBase(repository) });
        expect(pull.url).not.toBe('');
        // Right after its birth a host may not know yet.
        expect(await read(1)).toEqual({ ...pull, mergeable: true });
        expect(await host.findPullRequest(repository, branch)).toEqual({ ...pull, mergeable: true });
        expect(await host.findPullRequest(repository, 'graft/install/ins_2')).toBeUndefined();
      });

      it('is one for a branch, however often and at once it is opened', async () => {
        await host.commit(await commitInput());
        const open = async () => await host.openPullRequest(repository, branch, text);
        const numbers = (await Promise.all(Array.from({ length: 5 }, open))).map(({ number }) => number);
        expect(new Set(numbers)).toEqual(new Set([1]));
        expect((await open()).number).toBe(1);
      });

      it('has a number of its own for each branch opened at once', async () => {
        const branches = ['graft/a', 'graft/b', 'graft/c', 'graft/d', 'graft/e'];
        for (const each of branches) await host.commit(await commitInput({ branch: each }));
        const pulls = await Promise.all(
          branches.map(async (each) => await host.openPullRequest(repository, each, text)),
        );
        expect(pulls.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5]);
        expect(pulls.map((pull) => pull.branch)).toEqual(branches);
      });

      it('is refused without a branch, and for a branch with nothing on it', async () => {
        await expect(host.openPullRequest(repository, branch, text)).rejects.toMatchObject({
          code: 'code_host_refused',
        });
        await made.person.push('main', { 'readme.md': 'base\n' });
        await made.person.push(branch, {});
        await expect(host.openPullRequest(repository, branch, text)).rejects.toMatchObject({
          code: 'code_host_refused',
        });
      });

      it('takes a new text, as often as it is given', async () => {
        const { number } = await openPull();
        const next = { body: 'other', draft: true, labels: ['graft'] };
        await host.updatePullRequest(repository, number, next);
        await host.updatePullRequest(repository, number, next);
        expect(await read(number)).toMatchObject({ ...next, title: text.title, state: 'open' });
      });

      it('keeps the title that people gave it, whatever text it takes', async () => {
        const { number } = await openPull();
        await made.person.retitle(number, 'SHOP-1: connect it');
        await host.updatePullRequest(repository, number, { ...text, body: 'other' });
        expect(await read(number)).toMatchObject({ title: 'SHOP-1: connect it', body: 'other' });
      });

      it('shows commits that people push, and is not ours any more', async () => {
        const { number } = await openPull();
        const head = await made.person.push(branch, { 'App.tsx': 'export default 2;\n' });
        expect(await read(number)).toMatchObject({ state: 'open', head, ours: false, mergeable: true });
        await expect(host.deleteBranch(repository, branch)).rejects.toMatchObject({ code: 'code_host_refused' });
        expect((await read(number)).head).toBe(head);
      });

      it('is not ours when a person rewrote our commit under our name', async () => {
        const { number, head } = await openPull();
        const amended = await made.person.amend(branch, { 'added.txt': 'theirs\n' });
        expect(amended).not.toBe(head);
        expect(await read(number)).toMatchObject({ state: 'open', head: amended, ours: false });
      });

      it('follows the base, and tells when it no longer merges', async () => {
        const { number } = await openPull({ changes: [change('readme.md', 'one\n2\nthree\n')] });
        const first = await made.person.push('main', { 'other.txt': 'other\n' });
        const moved = await read(number);
        expect(moved).toMatchObject({ state: 'open', ours: true, mergeable: true, base: { commit: first } });
        expect(moved.base.tree).toBe(await host.readTree(repository, first));
        await made.person.push('main', { 'readme.md': 'one\nzwei\nthree\n' });
        expect(await read(number)).toMatchObject({ state: 'open', ours: true, mergeable: false });
      });
    });

    describe('its end', () => {
      it.each(['merge commit', 'fast-forward'] as const)('is told of a merge by hand: %s', async (how) => {
        const { number, head } = await openPull();
        await made.person.mergeByHand(branch, how);
        await made.person.deleteBranch(branch);
        expect(await read(number)).toMatchObject({ state: 'merged', head });
        expect((await host.findPullRequest(repository, branch))?.state).toBe('merged');
      });

      it.each(['merge', 'squash'] as const)('is told of the merge button: %s', async (how) => {
        const { number, head, base } = await openPull();
        await made.person.pressMerge(number, how);
        const merged = await read(number);
        expect(merged).toMatchObject({ state: 'merged', head });
        expect(merged.base.commit).not.toBe(base.commit);
        expect(merged.base.tree).toBe(await host.readTree(repository, head));
      });

      it('knows what was pushed and merged before it was read', async () => {
        const { number } = await openPull();
        const head = await made.person.push(branch, { 'App.tsx': 'export default 3;\n' });
        await made.person.mergeByHand(branch, 'merge commit');
        expect(await read(number)).toMatchObject({ state: 'merged', head });
      });

      it('knows a merge by hand of what a person rewrote, with the branch gone', async () => {
        const { number } = await openPull();
        const head = await made.person.amend(branch, { 'added.txt': 'theirs\n' });
        expect((await read(number)).head).toBe(head);
        await made.person.mergeByHand(branch, 'merge commit');
        await made.person.deleteBranch(branch);
        expect(await read(number)).toMatchObject({ state: 'merged', head });
      });

      it('is not merged when the branch was only set back to the base', async () => {
        const { number } = await openPull();
        await made.person.push('main', { 'other.txt': 'other\n' });
        await made.person.resetToBase(branch);
        expect((await read(number)).state).not.toBe('merged');
      });

      it('stays merged when the base moves on and the branch is gone', async () => {
        const { number } = await openPull();
        await made.person.mergeByHand(branch, 'merge commit');
        expect((await read(number)).state).toBe('merged');
        await made.person.deleteBranch(branch);
        await made.person.amend('main', { 'readme.md': 'history was rewritten\n' });
        expect((await read(number)).state).toBe('merged');
      });

      it('closes with what is true then, once and again', async () => {
        const { number, head } = await openPull();
        expect(await host.closePullRequest(repository, number, 'Not now.')).toMatchObject({ state: 'closed', head });
        expect(await host.closePullRequest(repository, number, 'Not now.')).toMatchObject({ state: 'closed', head });
        expect(await read(number)).toMatchObject({ state: 'closed', ours: true });
      });

      it('is told when a person closed it', async () => {
        const { number } = await openPull();
        await made.person.pressClose(number);
        expect((await read(number)).state).toBe('closed');
      });

      it('does not close what is merged, by the button or by hand', async () => {
        const { number } = await openPull();
        await made.person.mergeByHand(branch, 'fast-forward');
        expect((await host.closePullRequest(repository, number, 'Too late.')).state).toBe('merged');
        expect((await read(number)).state).toBe('merged');

        await host.deleteBranch(repository, branch);
        const second = await openPull({ branch, changes: [change('second.txt', '2\n')] });
        await made.person.pressMerge(second.number, 'squash');
        expect((await host.closePullRequest(repository, second.number, 'Too late.')).state).toBe('merged');
      });

      it('is either merged or closed when both happen at once, and the base agrees', async () => {
        const { number, base } = await openPull();
        const [closed, pressed] = await Promise.allSettled([
          host.closePullRequest(repository, number, 'Never mind.'),
          made.person.pressMerge(number, 'merge'),
        ]);
        const end = await read(number);
        expect(closed).toMatchObject({ status: 'fulfilled', value: { state: end.state } });
        expect(pressed.status).toBe(end.state === 'merged' ? 'fulfilled' : 'rejected');
        expect((await host.readBase(repository)).commit === base.commit).toBe(end.state === 'closed');
      });

      it('is read as open or merged, and nothing else, while it is merged', async () => {
        for (const how of ['squash', 'merge'] as const) {
          const { number } = await openPull({ changes: [change(`${how}.txt`, how)] });
          const states = new Set<string>();
          let merged = false;
          const reading = (async () => {
            while (!merged) states.add((await read(number)).state);
          })();
          await made.person.pressMerge(number, how);
          merged = true;
          await reading;
          expect([...states].filter((state) => state !== 'open' && state !== 'merged')).toEqual([]);
          expect((await read(number)).state).toBe('merged');
        }
      });

      it('counts as closed when its branch was deleted unmerged, and keeps its head', async () => {
        const { number } = await openPull();
        const head = await made.person.push(branch, { 'App.tsx': 'export default 5;\n' });
        expect((await read(number)).head).toBe(head);
        await made.person.deleteBranch(branch);
        expect(await read(number)).toMatchObject({ state: 'closed', head });
        expect(await host.closePullRequest(repository, number, 'Gone.')).toMatchObject({ state: 'closed', head });
      });

      it('opens a new one for a branch whose last was closed, and gives the merged one when nothing is left', async () => {
        const first = await openPull();
        await host.closePullRequest(repository, first.number, 'Again, please.');
        const second = await host.openPullRequest(repository, branch, text);
        expect(second).toMatchObject({ number: 2, state: 'open', head: first.head });
        expect((await host.findPullRequest(repository, branch))?.number).toBe(2);
        await made.person.mergeByHand(branch, 'merge commit');
        expect(await host.openPullRequest(repository, branch, text)).toMatchObject({ number: 2, state: 'merged' });
      });

      it('deletes a branch of ours, merged or not, and is content when it is absent', async () => {
        const { number, head } = await openPull();
        await host.closePullRequest(repository, number, 'Not now.');
        await host.deleteBranch(repository, branch);
        await host.deleteBranch(repository, branch);
        expect(await read(number)).toMatchObject({ state: 'closed', head });

        const again = await openPull();
        expect(again.number).toBe(2);
        await made.person.push(branch, { 'App.tsx': 'export default 4;\n' });
        await made.person.mergeByHand(branch, 'merge commit');
        await host.deleteBranch(repository, branch);
        expect((await read(again.number)).state).toBe('merged');
        await expect(host.deleteBranch(repository, 'main')).rejects.toMatchObject({ code: 'code_host_refused' });
      });
    });
  });
}

function change(path: string, text: string, mode: FileMode = '100644') {
  return { path, mode, bytes: new TextEncoder().encode(text) };
}

function textsOf(snapshot: ReadonlyMap<string, { mode: FileMode; bytes: Uint8Array }>): Record<string, SeedFile> {
  const decoder = new TextDecoder();
  return Object.fromEntries(
    [...snapshot].map(([path, { mode, bytes }]) => [path, { mode, text: decoder.decode(bytes) }]),
  );
}
