import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from '../contract/ids.ts';
import { createInstallState, readInstallState } from './install-state.ts';

const key = randomBytes(32);
const token = newId('token');
const now = Date.parse('2026-01-01T00:00:00Z');
const minutes = (count: number) => now + count * 60 * 1000;

describe('the state of an install link', () => {
  it('names the token that it was made for, for 10 minutes', () => {
    const state = createInstallState(key, token, now);
    expect(state).toMatch(/^[\w.-]+$/);
    expect(readInstallState(key, state, now)).toBe(token);
    expect(readInstallState(key, state, minutes(10) - 1)).toBe(token);
    expect(readInstallState(key, state, minutes(10))).toBeUndefined();
  });

  it('cannot be made or changed without the key', () => {
    const state = createInstallState(key, token, now);
    const [, until = '', mac = ''] = state.split('.');
    const forged = [
      '',
      'x',
      `${token}.${until}`,
      `${token}.${until}.`,
      `${newId('token')}.${until}.${mac}`,
      `${token}.${Number(until) + 1}.${mac}`,
      `${token}.${until}.${mac.slice(1)}`,
      `${token}.${until}.${'A'.repeat(43)}`,
      `${state}.${state}`,
      `${state}\n`,
      createInstallState(randomBytes(32), token, now),
    ];
    for (const other of forged) expect(readInstallState(key, other, now)).toBeUndefined();
  });
});
