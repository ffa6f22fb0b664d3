import { listening, type Result, run } from './onesignal';
import type { InAppMessageClickEvent } from './sdk';

/** Sets what an in-app message may wait for, such as `level` and `3`. Never rejects. */
export function addTrigger(key: string, value: string): Promise<Result> {
  return run((sdk) => sdk.InAppMessages.addTrigger(key, value));
}

/** Holds messages back, during a game or a payment say, and lets them come again. Never rejects. */
export function pauseInAppMessages(paused: boolean): Promise<Result> {
  return run((sdk) => sdk.InAppMessages.setPaused(paused));
}

/** Tells `handler` of each press in a message; gives the function that ends it. */
export function watchInAppClicks(handler: (click: InAppMessageClickEvent) => void): () => void {
  return listening(({ InAppMessages }) => {
    InAppMessages.addEventListener('click', handler);
    return () => InAppMessages.removeEventListener('click', handler);
  });
}
