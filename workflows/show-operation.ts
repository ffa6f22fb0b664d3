import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Answer, Status, Step } from '../contract/closed-sets.ts';
import { type OperationInput, searchAttributes } from '../contract/workflows.ts';
import type { PersonsMatter } from './failures.ts';

const keys = {
  status: defineSearchAttributeKey(searchAttributes.status, 'KEYWORD'),
  step: defineSearchAttributeKey(searchAttributes.step, 'KEYWORD'),
  needsAttention: defineSearchAttributeKey(searchAttributes.needsAttention, 'KEYWORD'),
};

export interface OperationState {
  status: Status;
  step: Step;
  /** What it waits for people for, and the answers it takes. */
  matter: PersonsMatter | undefined;
  accepted: readonly Answer[];
  /** What it waits for by itself, in a sentence. */
  outage: string | undefined;
}

/** Shows in the Temporal UI where an operation is: search attributes to find it by, current details in words. */
export function showOperation(input: OperationInput, { status, step, matter, accepted, outage }: OperationState): void {
  upsertSearchAttributes([
    { key: keys.status, value: status },
    { key: keys.step, value: step },
    { key: keys.needsAttention, value: matter?.reason ?? null },
  ]);
  const parts = [
    `${input.connector} in ${input.project} (${input.environment}): **${status}**, step \`${step}\`.`,
    matter && `Waits for people: **${matter.reason}**. ${matter.message}`,
    matter && `Accepted answers: ${accepted.join(', ')}.`,
    outage,
  ];
  setCurrentDetails(parts.filter((part) => part !== undefined).join('\n\n'));
}
