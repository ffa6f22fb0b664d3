import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot, SourceFile } from '../contract/codegen.ts';
import { snapshotOf, textsOf } from '../test/harness/apps.ts';
import { type MergedTrees, mergeTrees } from './merge-trees.ts';

type Eol = '\n' | '\r\n';
type Edit = { kind: 'keep' } | { kind: 'replace' | 'insert'; with: 'ours' | 'both' } | { kind: 'delete' };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Edit>({ kind: 'keep' }) },
  fc.record({ kind: fc.constantFrom('replace', 'insert'), with: fc.constantFrom('ours', 'both') }),
  fc.constant<Edit>({ kind: 'delete' }),
);

/** A text of numbered lines, and what each side makes of each of them. */
const texts = fc
  .record({
    eol: fc.constantFrom<Eol>('\n', '\r\n'),
    ends: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    lines: fc.array(fc.tuple(edit, edit), { maxLength: 12 }),
  })
  .map(({ eol, ends, lines }) => {
    const side = (name: string, at: 0 | 1) =>
      lines.flatMap((edits, number) => {
        const line = `line ${number}`;
        const change = edits[at];
        if (change.kind === 'keep') return [line];
        if (change.kind === 'delete') return [];
        const by = change.with === 'both' ? 'both' : name;
        return change.kind === 'replace' ? [`${line} by ${by}`] : [line, `more after ${number} by ${by}`];
      });
    const print = (all: readonly string[], end: boolean) => all.join(eol) + (end && all.length > 0 ? eol : '');
    return {
      base: print(
        lines.map((_, number) => `line ${number}`),
        ends[0],
      ),
      ours: print(side('ours', 0), ends[1]),
      theirs: print(side('theirs', 1), ends[2]),
    };
  });

const path = fc.constantFrom('a', 'b', 'c', 'd/e', 'd/f', 'd');
const file: fc.Arbitrary<SourceFile> = fc.record({
  mode: fc.constantFrom('100644', '100755', '120000'),
  bytes: fc.oneof(
    fc.constantFrom('one\ntwo\n', 'one\n2\n', 'two\n', '\u0000').map((text) => Buffer.from(text)),
    fc.constant(Buffer.from([0xff, 0x0a])),
  ),
});
const tree: fc.Arbitrary<Snapshot> = fc
  .array(fc.tuple(path, file), { maxLength: 4 })
  // Nothing alike in two paths, which git would take for a file that moved.
  .map((files) => new Map(files.map(([name, { mode, bytes }]) => [name, { mode, bytes: own(name, bytes) }])))
  .filter((files) => !(files.has('d') && (files.has('d/e') || files.has('d/f'))));

function own(name: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.from(`${name.repeat(40)}\n`)]);
}

let folder: string;
const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: folder, encoding: 'utf8' }).trim();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'graft-merge-'));
  git('init', '--quiet', '--bare');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = (snapshot: Snapshot) =>
  [...snapshot].map(([name, { mode, bytes }]) => [name, mode, Buffer.from(bytes).toString('hex')]).toSorted();
const treeOf = (merged: MergedTrees) => ('snapshot' in merged ? plain(merged.snapshot) : 'conflict');

/** The text that `git merge-file` makes, undefined when it finds a conflict. */
function mergeFile({ base, ours, theirs }: Record<'base' | 'ours' | 'theirs', string>): string | undefined {
  for (const [name, text] of Object.entries({ base, ours, theirs })) writeFileSync(join(folder, name), text);
  const { status, stdout } = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? stdout : undefined;
}

/** The tree that `git merge-tree` makes, as the trees of tests are compared. */
function mergeByGit(base: Snapshot, ours: Snapshot, theirs: Snapshot): unknown {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  const commit = (snapshot: Snapshot, ...parents: string[]) =>
    git(...identity, 'commit-tree', writeTree(snapshot), '-m', 'x', ...parents.flatMap((parent) => ['-p', parent]));
  const fork = commit(base);
  const { status, stdout } = spawnSync(
    'git',
    ['merge-tree', '--write-tree', '--no-messages', commit(ours, fork), commit(theirs, fork)],
    { cwd: folder, encoding: 'utf8' },
  );
  return status === 0 ? stdout.trim() : 'conflict';
}

function writeTree(snapshot: Snapshot): string {
  const listed = [...snapshot].map(([name, { mode, bytes }]) => {
    const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], { cwd: folder, input: bytes, encoding: 'utf8' });
    return `${mode} ${blob.trim()}\t${name}\n`;
  });
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, 'index-of-a-test') };
  rmSync(env.GIT_INDEX_FILE, { force: true });
  execFileSync('git', ['update-index', '--index-info'], { cwd: folder, input: listed.join(''), env });
  return execFileSync('git', ['write-tree'], { cwd: folder, env, encoding: 'utf8' }).trim();
}

describe('mergeTrees', () => {
  it('takes the side that changed, and what both made the same', () => {
    fc.assert(
      fc.property(tree, tree, (base, side) => {
        expect(treeOf(mergeTrees(base, base, side))).toEqual(plain(side));
        expect(treeOf(mergeTrees(base, side, base))).toEqual(plain(side));
        expect(treeOf(mergeTrees(base, side, side))).toEqual(plain(side));
      }),
      { numRuns: 300 },
    );
  });

  it('does not care which side is which', () => {
    fc.assert(
      fc.property(texts, ({ base, ours, theirs }) => {
        const trees = [base, ours, theirs].map((text) => snapshotOf({ a: text }));
        const [b = new Map(), o = new Map(), t = new Map()] = trees;
        expect(treeOf(mergeTrees(b, o, t))).toEqual(treeOf(mergeTrees(b, t, o)));
      }),
      { numRuns: 300 },
    );
  });

  it('merges the lines that git merge-file merges, to the same bytes', () => {
    const seen = { clean: 0, conflict: 0 };
    fc.assert(
      fc.property(texts, (sides) => {
        const merged = mergeTrees(...(Object.values(sides).map((text) => snapshotOf({ a: text })) as ThreeTrees));
        const expected = mergeFile(sides);
        seen[expected === undefined ? 'conflict' : 'clean'] += 1;
        expect('snapshot' in merged ? textsOf(merged.snapshot)['a'] : undefined).toBe(expected);
      }),
      { numRuns: 250 },
    );
    expect(Math.min(seen.clean, seen.conflict)).toBeGreaterThan(25);
  }, 120_000);

  it('merges the trees that git merge-tree merges, with modes, links and what is no text', () => {
    const seen = { clean: 0, conflict: 0 };
    fc.assert(
      fc.property(tree, tree, tree, (base, ours, theirs) => {
        const merged = mergeTrees(base, ours, theirs);
        const expected = mergeByGit(base, ours, theirs);
        seen[expected === 'conflict' ? 'conflict' : 'clean'] += 1;
        expect('snapshot' in merged ? writeTree(merged.snapshot) : 'conflict').toBe(expected);
      }),
      { numRuns: 60 },
    );
    expect(Math.min(seen.clean, seen.conflict)).toBeGreaterThan(5);
  }, 120_000);

  it('merges the mode of one side with the text of the other', () => {
    const base = snapshotOf({ a: 'one\n' });
    const executable = new Map([['a', { mode: '100755' as const, bytes: Buffer.from('one\n') }]]);
    const changed = snapshotOf({ a: 'two\n' });
    const both = [['a', '100755', Buffer.from('two\n').toString('hex')]];
    expect(treeOf(mergeTrees(base, executable, changed))).toEqual(both);
    expect(treeOf(mergeTrees(base, changed, executable))).toEqual(both);
  });

  it('names every file that conflicts, and takes theirs of those it is told to', () => {
    const base = snapshotOf({ a: 'one\n', lock: 'one\n', gone: 'one\n' });
    const ours = snapshotOf({ a: 'ours\n', lock: 'ours\n', gone: 'ours\n', new: 'ours\n' });
    const theirs = snapshotOf({ a: 'theirs\n', lock: 'theirs\n', new: 'theirs\n' });
    expect(mergeTrees(base, ours, theirs)).toEqual({ conflicts: ['a', 'gone', 'lock', 'new'] });
    expect(mergeTrees(base, ours, theirs, new Set(['lock']))).toEqual({ conflicts: ['a', 'gone', 'new'] });
    const merged = mergeTrees(
      base,
      withText(base, 'lock', 'ours\n'),
      withText(base, 'lock', 'theirs\n'),
      new Set(['lock']),
    );
    expect('snapshot' in merged && textsOf(merged.snapshot)['lock']).toBe('theirs\n');
  });
});

type ThreeTrees = [Snapshot, Snapshot, Snapshot];

function withText(snapshot: Snapshot, name: string, text: string): Snapshot {
  return snapshotOf({ ...textsOf(snapshot), [name]: text });
}
