import type { CodeHostKind } from '../../contract/closed-sets.ts';

/** Where the demo's app lives, as its maintainer sees and uses it. */
export interface DemoHost {
  kind: CodeHostKind;
  /** Name under which the app is registered as a project. */
  repository: string;
  /** Where a person finds it. */
  place: string;
  /** Tree id of the base as it stands. */
  baseTree(): Promise<string>;
  /** Branches that Graft made and did not delete. */
  ourBranches(): Promise<readonly string[]>;
  /** Names of the values that the app finds there in development. */
  publishedNames(): Promise<readonly string[]>;
  /** A pull request as a reviewer reads it, with the beginning of each file's diff where that is wanted. */
  review(number: number, diff: boolean): Promise<string>;
  /** Has a pull request merged, as its maintainer would; gives how that was done. */
  merge(number: number): Promise<string>;
}
