import { type Answer, answersTo } from '../contract/closed-sets.ts';
import { GraftError } from '../contract/errors.ts';
import type { PersonsAnswer } from '../contract/workflows.ts';
import { findClaim } from '../db/queries/operations.ts';
import type { Installation } from '../db/schema/installations.ts';
import type { Dependencies } from './dependencies.ts';
import { answerOperation } from './workflows.ts';

/** Gives a person's answer to the operation that runs; throws `answer_not_accepted` with the answers that are. */
export async function answerPerson(
  { database, temporal }: Dependencies,
  { id, status, reason }: Installation,
  answer: PersonsAnswer,
): Promise<{ id: string; workflowId: string; status: Installation['status'] }> {
  const claim = await findClaim(database, id);
  if (claim === undefined)
    throw new GraftError('answer_not_accepted', `Nothing runs on this installation, which is ${status}.`, {
      details: { status, accepted: [] },
    });
  try {
    await answerOperation(temporal, claim.workflowId, answer);
  } catch (error) {
    if (!(error instanceof GraftError) || error.code !== 'answer_not_accepted') throw error;
    const accepted: readonly Answer[] = reason === null ? [] : answersTo[reason];
    throw new GraftError(error.code, error.message, {
      cause: error,
      details: { reason, accepted: [...accepted, 'abort'] },
    });
  }
  return { id, workflowId: claim.workflowId, status };
}
