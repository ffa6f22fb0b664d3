import { CancellationScope, condition, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import type { Status, Step } from '../contract/closed-sets.ts';
import { type OperationInput, type PersonsAnswer, deadlineDays } from '../contract/workflows.ts';
import { acceptedAnswers, refuseAnswer } from './accept-answer.ts';
import {
  type PersonsMatter,
  ended,
  isMendedElsewhere,
  isOutageFailure,
  personsMatterOf,
  sentenceOf,
} from './failures.ts';
import { answerUpdate, progressQuery, repositoryChangedSignal } from './messages.ts';
import { records } from './policies.ts';
import { showOperation } from './show-operation.ts';

const minute = 60 * 1000;
const day = 24 * 60 * minute;
// The tries of an activity last for minutes; an outage that is longer is looked at again after ever more time.
const shortestPause = 5 * minute;
const longestPause = 60 * minute;
// What may be mended where Graft does not see it is tried by itself too, besides on an answer.
const firstLook = 60 * minute;
const rarestLook = 6 * 60 * minute;

export interface Operation {
  readonly input: OperationInput;
  readonly status: Status;
  /** Milliseconds since the epoch: until the merge, nothing waits longer. */
  readonly deadline: number;
  /** The submission that a person sent last. */
  submission: string | undefined;
  /** Answers that later activities are told. */
  readonly choices: { values?: 'overwrite' | 'keep'; adopt?: boolean };
  /** Moves to a step: search attributes and current details say so in the Temporal UI. */
  enter(step: Step, status?: Status): void;
  /** Enters a step that no control activity records. */
  announce(step: Step): Promise<void>;
  /** Runs a unit of work again for as long as what it needs is out of reach, or limits us; nothing else is caught. */
  outlast<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs a unit of work until it succeeds, outages included; what a person can mend waits for the answer and runs the unit
   * again. Where they may mend it elsewhere, it looks now and then without an answer.
   */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  /** Has somebody answered since this was asked last? */
  takeAnswer(): boolean;
  /** Shows nothing any more, as the activities that follow write too. */
  hide(): void;
  /** Shows what people should do without standing still; undefined when all is well again. */
  show(matter: PersonsMatter | undefined): Promise<void>;
  /** What was told until now is about to be read. */
  forgetNews(): void;
  /** Waits until the repository moved, a person answered or `until` came (milliseconds since the epoch). */
  waitForNews(until: number): Promise<void>;
  /** Waits that many milliseconds, or until a person has answered whose answer was not taken yet. */
  rest(milliseconds: number): Promise<void>;
  /** Runs the part that `abort` ends; the scope is cancelled when a person aborts. */
  abortable<T>(work: () => Promise<T>): Promise<T>;
  /** From here no deadline counts, and what an undo cannot do by itself waits for people. */
  takeBack(): void;
  /** From here `abort` is refused and no deadline counts. */
  pivot(): void;
}

/** Sets up the handlers and the state of one operation on an installation; call it before the first await. */
export function startOperation(
  input: OperationInput,
  first: Status,
  deadline = Date.now() + deadlineDays.merge * day,
): Operation {
  let status = first;
  let step: Step = first === 'removing' ? 'deactivate' : 'validate';
  let matter: PersonsMatter | undefined;
  let outage: string | undefined;
  let answer: PersonsAnswer | undefined;
  let answered = false;
  let news = false;
  let aborted = false;
  let committed = false;
  let takenBack = false;
  let scope: CancellationScope | undefined;
  const choices: Operation['choices'] = {};

  function publish(): void {
    const accepted = matter === undefined ? [] : acceptedAnswers(matter, isBound());
    showOperation(input, { status, step, matter, outage, accepted });
  }

  /** Must it come to its end, however long that takes? */
  function isBound(): boolean {
    return committed || takenBack;
  }

  // What is bound to its end is not given up, so what cannot succeed by itself is a person's matter too.
  function anyMatter(error: unknown): PersonsMatter {
    const isActivation = committed && first !== 'removing';
    return { reason: isActivation ? 'merged_differently' : 'code_host_refused', message: sentenceOf(error) };
  }

  setHandler(
    answerUpdate,
    (given) => {
      if (given.answer === 'abort') {
        aborted = true;
        scope?.cancel();
        return;
      }
      answer = given;
      answered = true;
      news = true;
      matter = undefined;
      if (given.submission !== undefined) operation.submission = given.submission;
      if (given.answer === 'overwrite' || given.answer === 'keep') choices.values = given.answer;
      if (given.answer === 'adopt') choices.adopt = true;
      if (!isBound()) deadline = Math.max(deadline, Date.now() + deadlineDays.extendedByAnswer * day);
    },
    { validator: (given) => refuseAnswer(given, { matter, isMerged: committed, isBound: isBound() }) },
  );
  setHandler(repositoryChangedSignal, () => {
    news = true;
  });
  setHandler(progressQuery, () => ({ status, step, needsAttention: matter?.reason }));

  async function recordWaiting(): Promise<void> {
    publish();
    await records.recordWait(
      matter === undefined
        ? { installation: input.installation, status, step, event: 'answered' }
        : {
            installation: input.installation,
            status,
            step,
            event: 'waiting',
            reason: matter.reason,
            message: matter.message,
          },
    );
  }

  /** Waits for the answer, or at most for as many milliseconds as `look` says before it is tried without one. */
  async function waitForPerson(found: PersonsMatter, look: number | undefined): Promise<void> {
    matter = found;
    answer = undefined;
    if (look !== undefined) outage = `Tried again by itself at ${new Date(Date.now() + look).toISOString()} too.`;
    await recordWaiting();
    outage = undefined;
    const isAnswered = () => answer !== undefined;
    const summary = `waits for people: ${found.reason}`;
    const left = isBound() ? look : Math.min(look ?? Infinity, Math.max(1, deadline - Date.now()));
    if (left === undefined) await condition(isAnswered);
    else if (!(await condition(isAnswered, left, { summary }))) {
      if (left !== look) throw ended('expired', `Nobody answered ${found.reason} before the deadline.`);
      matter = undefined;
      await operation.announce(step);
      return;
    }
    await recordWaiting();
  }

  async function waitForEnd(why: string, pause: number): Promise<void> {
    const left = isBound() ? pause : deadline - Date.now();
    if (left <= 0) throw ended('expired', `Until the deadline this did not pass: ${why}`);
    const until = Math.min(pause, left);
    outage = `Waits by itself until ${new Date(Date.now() + until).toISOString()}, then tries again: ${why}`;
    publish();
    await sleep(until, { summary: 'waits for the end of an outage or a limit' });
    outage = undefined;
    publish();
  }

  const operation: Operation = {
    input,
    submission: undefined,
    choices,
    get status() {
      return status;
    },
    get deadline() {
      return deadline;
    },
    takeAnswer() {
      const taken = answered;
      answered = false;
      return taken;
    },
    hide() {
      matter = undefined;
      publish();
    },
    enter(next, nextStatus = status) {
      step = next;
      status = nextStatus;
      if (status === 'undoing') matter = undefined;
      publish();
    },
    async announce(next) {
      operation.enter(next);
      await records.recordWait({ installation: input.installation, status, step: next, event: 'started' });
    },
    async outlast(work) {
      for (let pause = shortestPause; ; pause = Math.min(2 * pause, longestPause)) {
        try {
          return await work();
        } catch (error) {
          if (!isOutageFailure(error)) throw error;
          await waitForEnd(sentenceOf(error), pause);
        }
      }
    },
    async attempt(work) {
      for (let look = firstLook; ; look = Math.min(2 * look, rarestLook)) {
        try {
          return await operation.outlast(work);
        } catch (error) {
          const named = personsMatterOf(error);
          const found = named ?? (isBound() ? anyMatter(error) : undefined);
          if (found === undefined || isCancellation(error)) throw error;
          await waitForPerson(found, named === undefined || isMendedElsewhere(named) ? look : undefined);
        }
      }
    },
    async show(next) {
      if (matter?.reason === next?.reason && matter?.message === next?.message) return;
      matter = next;
      await recordWaiting();
    },
    forgetNews() {
      news = false;
    },
    async waitForNews(until) {
      await condition(() => news, Math.max(1, until - Date.now()), { summary: 'waits for the merge' });
    },
    async rest(milliseconds) {
      await condition(() => answered, milliseconds, { summary: 'the repository is read once a minute' });
    },
    async abortable(work) {
      scope = new CancellationScope();
      if (aborted) scope.cancel();
      try {
        return await scope.run(work);
      } catch (error) {
        if (aborted && isCancellation(error)) throw ended('aborted', 'Aborted by a person.');
        throw error;
      } finally {
        scope = undefined;
      }
    },
    takeBack() {
      takenBack = true;
      matter = undefined;
    },
    pivot() {
      committed = true;
      matter = undefined;
    },
  };
  publish();
  return operation;
}
