import { inject } from 'vitest';

/** Asks the run for something that is made once for all forks; see `on-demand.ts`. */
export async function ask<T>(path: '/database' | '/workflow-bundle' | '/package-managers'): Promise<T> {
  const response = await fetch(`${inject('onDemand')}${path}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}
