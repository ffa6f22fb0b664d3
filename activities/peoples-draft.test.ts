import { expect, it } from 'vitest';
import { draftReason, isPeoplesDraft, notValidated, staysDraft } from './peoples-draft.ts';

const why = '## What and why\n';
const ours = `${draftReason} one edit must be made by a person.\n\n${why}`;
const marked = `${notValidated} commit \`0123456789\`; the evidence below is of an earlier one.`;

it.each([
  ['that nothing says why', true, why, true],
  ['that we made one', true, ours, false],
  ['that we made one while a head is validated', true, `${marked}\n\n${why}`, false],
  ['that was one before a head is validated', true, `${marked} ${staysDraft}\n\n${why}`, true],
  ['that people made ready meanwhile', false, `${marked} ${staysDraft}\n\n${why}`, false],
  ['that people wrote something above', true, `Fixes #1\n\n${ours}`, false],
])("a pull request %s is people's draft: %s", (_what, draft, body, expected) => {
  expect(isPeoplesDraft({ draft, body })).toBe(expected);
});
