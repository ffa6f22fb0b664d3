import { DefaultFailureConverter } from '@temporalio/common';

/** Puts message and stack of every failure into a payload, so that the codec encrypts them. Also runs in workflows. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
