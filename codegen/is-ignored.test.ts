import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../test/harness/apps.ts';
import { isIgnored } from './is-ignored.ts';

const ignores = (patterns: string) => isIgnored(snapshotOf({ '.gitignore': patterns }), '', '.env.local');

describe('isIgnored', () => {
  it.each([
    '.env.local',
    '.env*.local',
    '.env*',
    '*.local',
    '/.env.local',
    '**/.env.local',
    '.env.[a-z]*',
    '.env.loca?',
    'a\r\n.env.local\r\n',
  ])('sees %j cover the file', (patterns) => expect(ignores(patterns)).toBe(true));

  it.each([
    '',
    '# .env.local',
    '.env',
    '.env.local/',
    'env.local',
    '.env*\n!.env.local',
    '/apps/.env.local',
    '.env.l',
    '[a',
    '[z-a]',
    '[\\\\]',
    '(',
  ])('sees %j leave it', (patterns) => expect(ignores(patterns)).toBe(false));

  it('reads every file on the way to the app, the nearest last', () => {
    const snapshot = (own: string) => snapshotOf({ '.gitignore': 'apps/*/.env.local\n', 'apps/a/.gitignore': own });
    expect(isIgnored(snapshot(''), 'apps/a', '.env.local')).toBe(true);
    expect(isIgnored(snapshot('!.env.local'), 'apps/a', '.env.local')).toBe(false);
  });
});
