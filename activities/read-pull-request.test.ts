import { expect, it } from 'vitest';
import type { PersonsRequest } from '../contract/code-host.ts';
import { heard } from './read-pull-request.ts';

const request = (index: number, by: string, allowed: boolean): PersonsRequest => ({
  id: `asks ${index}`,
  command: 'retry',
  by,
  allowed,
});

it('hears those who may write before any number of strangers, and few at once', () => {
  const strangers = Array.from({ length: 1000 }, (_, index) => request(index, `stranger ${index % 100}`, false));
  const own = [request(2000, 'maria', true), request(2001, 'maria', true)];
  const some = heard([...strangers, ...own]);
  expect(some).toHaveLength(20);
  expect(some.slice(0, 2)).toEqual(own);
  expect(new Set(some.slice(2).map(({ by }) => by)).size).toBe(18);
  expect(heard(strangers.filter(({ by }) => by === 'stranger 7'))).toEqual([request(907, 'stranger 7', false)]);
});
