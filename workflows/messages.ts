import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { type PersonsAnswer, type Progress, messages } from '../contract/workflows.ts';

/** A person's answer to what an operation waits for; refused at once when the reason does not accept it. */
export const answerUpdate = defineUpdate<void, [PersonsAnswer]>(messages.answer);

/** Says only that the repository moved; what is true is read from the code host. */
export const repositoryChangedSignal = defineSignal(messages.repositoryChanged);

export const progressQuery = defineQuery<Progress>(messages.progress);
