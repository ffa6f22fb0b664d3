import type { ControlActivities } from '../contract/activities.ts';
import type { ControlDependencies } from './dependencies.ts';

type Describing = Pick<ControlActivities, 'describeCodeHost'>;

/** Says who this worker is at a code host; throws `code_host_refused` where it is nobody. */
export function createDescribeCodeHost({ codeHosts }: ControlDependencies): Describing {
  return {
    describeCodeHost: async ({ codeHost }) => codeHosts[codeHost].describeIdentity(),
  } satisfies Describing;
}
