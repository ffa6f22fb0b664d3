import type { DriftFound } from '../contract/activities.ts';
import { survey } from './policies.ts';

/** Looks for active installations that are no longer in their apps as they were merged; a schedule runs it every six hours. */
export async function detectDrift(): Promise<DriftFound> {
  return survey.detectDrift();
}
