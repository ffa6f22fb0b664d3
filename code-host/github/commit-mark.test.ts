import { describe, expect, it } from 'vitest';
import { isMarked, markedMessage } from './commit-mark.ts';

const key = new Uint8Array(32).fill(1);
const commit = {
  repository: 'acme/app',
  branch: 'graft/install/ins_1',
  tree: 'a'.repeat(40),
  parents: ['b'.repeat(40)],
  message: 'Add Stripe\n\nBody.\n',
};

describe('the mark of our commits', () => {
  const message = markedMessage(key, commit);

  it('is the last line, and holds for the commit as it was made', () => {
    expect(message).toMatch(/^Add Stripe\n\nBody\.\n\nGraft-Commit: [0-9a-f]{32}\n$/);
    expect(isMarked(key, { ...commit, message })).toBe(true);
    expect(isMarked(key, { ...commit, message: message.trimEnd(), repository: 'Acme/App' })).toBe(true);
  });

  it.each([
    ['amended', { tree: 'c'.repeat(40) }],
    ['rebased', { parents: ['c'.repeat(40)] }],
    ['merged with something', { parents: [...commit.parents, 'c'.repeat(40)] }],
    ['copied to another branch', { branch: 'graft/install/ins_2' }],
    ['copied to another repository', { repository: 'acme/other' }],
    ['reworded', { message: message.replace('Add', 'Remove') }],
    ['given a line after the mark', { message: `${message}\nSigned-off-by: x\n` }],
    ['without one', { message: commit.message }],
  ])('does not hold for what was %s', (_, change) => {
    expect(isMarked(key, { ...commit, message, ...change })).toBe(false);
  });

  it('cannot be made without the key', () => {
    const forged = markedMessage(new Uint8Array(32), commit);
    expect(isMarked(key, { ...commit, message: forged })).toBe(false);
  });
});
