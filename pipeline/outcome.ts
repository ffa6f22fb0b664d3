import type { StepReport } from '../contract/pipeline.ts';

/** What a step found, before its log is stored. */
export interface Outcome extends Pick<StepReport, 'verdict' | 'baseline' | 'summary'> {
  log: string;
}

/** Gives the untouched base with its dependencies, installed on first use; undefined when they cannot be installed. */
export type BaseTree = () => Promise<string | undefined>;

/** What a run on the untouched base gives; undefined when its dependencies cannot be installed. */
export async function onBase<Result>(
  base: BaseTree,
  run: (tree: string) => Promise<Result>,
): Promise<Result | undefined> {
  const tree = await base();
  return tree === undefined ? undefined : run(tree);
}
