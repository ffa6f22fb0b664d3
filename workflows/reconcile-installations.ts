import type { Reconciled } from '../contract/activities.ts';
import { housekeeping } from './policies.ts';

/** Brings claims, workflows and leftovers together again; a schedule runs it every minute. */
export async function reconcileInstallations(): Promise<Reconciled> {
  return housekeeping.reconcile();
}
