import type { CodeOperation } from '../contract/activities.ts';
import { forward } from './policies.ts';

/** Answers people who opened a pull request again whose operation has ended; changes nothing else. */
export async function answerReopened(input: CodeOperation & { number: number }): Promise<void> {
  await forward.answerReopened(input);
}
