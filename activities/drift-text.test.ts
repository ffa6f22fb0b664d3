import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type DriftTextInput, driftText } from './drift-text.ts';

const missing = (file: string, what: string) => ({ kind: 'missing', file, what }) as const;
const several: DriftTextInput = {
  name: 'Acme Pay',
  alias: '',
  appDir: '',
  environments: ['development', 'production'],
  missing: [
    missing('package.json', '@acme/pay-native is not among the packages'),
    missing('app/_layout.tsx', 'ConnectorProviders is not imported'),
    missing('app/_layout.tsx', '<ConnectorProviders> is not around the app'),
  ],
  base: { branch: 'main', commit: 'b'.repeat(40) },
  heldAt: 'a'.repeat(40),
};
const one: DriftTextInput = {
  ...several,
  alias: 'second',
  appDir: 'apps/shop',
  environments: ['staging'],
  missing: [missing('apps/shop/.graft/acme.second.json', 'the ownership record is not there')],
  heldAt: null,
};

describe('driftText', () => {
  it.each([
    ['several', several, 'Acme Pay: part of what was installed is missing (graft)'],
    ['one', one, 'Acme Pay “second” in apps/shop: part of what was installed is missing (graft)'],
  ])('writes the golden text: %s', async (name, input, title) => {
    const golden = new URL(`../test/golden/drift-text/${name}.md`, import.meta.url);
    expect(driftText(input)).toEqual({ title, body: await readFile(golden, 'utf8') });
  });

  it('carries no address and no internal id', () => {
    for (const { body } of [several, one].map(driftText)) expect(body).not.toMatch(/:\/\/|localhost|(ins|prj)_/);
  });

  it('lets names of files and what tools say end no code span, table cell or quoting', () => {
    const { body } = driftText({ ...several, missing: [missing("it's `a|b`.tsx", '<img src=x> ![x](y) @team | z')] });
    expect(body).not.toMatch(/<img|!\[x\]|(?<!`)@team/);
    expect(body.split('\n').filter((line) => line.includes('team'))).toHaveLength(1);
    expect(body).toContain(String.raw`-- 'it'\''s`);
  });
});
