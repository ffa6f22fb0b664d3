import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../contract/codegen.ts';
import type { Compared, KeptDrift } from '../db/queries/drift.ts';

/** What of the code is missing; people's own changes of our texts are not. */
export function missingOf({ findings }: Pick<KeptDrift, 'findings'>): readonly Finding[] {
  return findings.filter(({ kind }) => kind === 'missing');
}

/** What all these installations know alike of their code at a commit; undefined when one of them does not. */
export function findKept(sharers: readonly Compared[], commit: string): KeptDrift | undefined {
  const [first, ...others] = sharers.map(({ drift }) => (drift === null ? undefined : keptOf(drift)));
  if (first?.baseCommit !== commit) return undefined;
  return others.every((other) => isDeepStrictEqual(other, first)) ? first : undefined;
}

function keptOf({ baseCommit, findings, heldAt, adopted, reported, issueUrl }: KeptDrift): KeptDrift {
  return { baseCommit, findings, heldAt, adopted, reported, issueUrl };
}

/** What is to be known of installations that share their code, after it was compared with a commit. */
export function compareDrift(sharers: readonly Compared[], commit: string, found: readonly Finding[]): KeptDrift {
  const known = sharers.flatMap(({ drift }) => drift ?? []);
  const accepted = known.flatMap(({ adopted }) => adopted);
  // Once it is there again, it is no longer accepted that it is missing.
  const adopted = found.filter((finding) => accepted.some((one) => isDeepStrictEqual(one, finding)));
  const findings = found.filter((finding) => !adopted.includes(finding));
  const before = known.map(missingOf).find(({ length }) => length > 0) ?? [];
  const now = missingOf({ findings });
  return {
    baseCommit: commit,
    findings,
    heldAt: now.length === 0 ? commit : (known.find(({ heldAt }) => heldAt !== null)?.heldAt ?? null),
    adopted,
    reported: known.every(({ reported }) => reported) && isDeepStrictEqual(now, before),
    issueUrl: known.find(({ issueUrl }) => issueUrl !== null)?.issueUrl ?? null,
  };
}
