import { type PipelineProgress, type PipelineStep, type StepReport, pipelineSteps } from '../contract/pipeline.ts';

/** Which steps run, for how long, and what those said that are done. */
export interface StepTimes {
  isDone(step: PipelineStep): boolean;
  start(step: PipelineStep): void;
  finish(report: Omit<StepReport, 'seconds'>): void;
  /** In the order of the steps. */
  reports(): StepReport[];
  stop(): void;
}

/** Reports progress once a second and at each end of a step, going on from an earlier try's finished steps. */
export function trackSteps(
  report: (progress: PipelineProgress) => void,
  resume: PipelineProgress | undefined,
): StepTimes {
  const started = new Map<PipelineStep, number>();
  const done = new Map<PipelineStep, StepReport>(resume?.done.map((finished) => [finished.step, finished]));
  // The first step is run again in every try, as the others need what it makes.
  done.delete('dependencies');
  const reports = () => pipelineSteps.flatMap((step) => done.get(step) ?? []);
  const secondsOf = (step: PipelineStep) => (performance.now() - (started.get(step) ?? performance.now())) / 1000;
  const tell = () => {
    const step = pipelineSteps.find((candidate) => started.has(candidate) && !done.has(candidate));
    const last = pipelineSteps.findLast((candidate) => done.has(candidate));
    const current = step ?? last;
    if (current !== undefined) report({ step: current, seconds: secondsOf(current), done: reports() });
  };
  const timer = setInterval(tell, 1000);
  return {
    isDone: (step) => done.has(step),
    start(step) {
      started.set(step, performance.now());
      tell();
    },
    finish(finished) {
      const seconds = Math.round(secondsOf(finished.step) * 100) / 100;
      done.set(finished.step, { ...finished, seconds });
      tell();
    },
    reports,
    stop: () => clearInterval(timer),
  };
}
