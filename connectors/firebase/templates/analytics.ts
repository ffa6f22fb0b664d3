import { loadAnalytics } from './analytics-sdk';
import { type Failed, failed, type NotConfigured } from './config';
import { isConfigured, notConfigured } from './firebase-app';

export type LogResult =
  | { status: 'logged' }
  | { status: 'unsupported'; message: string }
  | Failed
  | NotConfigured;

/** Tells Google Analytics of an event such as `screen_view`; never rejects. */
export async function logEvent(
  name: string,
  params: Record<string, string | number> = {},
): Promise<LogResult> {
  if (!isConfigured) return notConfigured;
  try {
    const analytics = await loadAnalytics();
    if (!analytics) {
      const message =
        'Analytics does not run here: it needs a browser that keeps data/* @if !next */, or the native SDK of Firebase/* @end *//* @if next */ and cookies, not a server/* @end */.';
      return { status: 'unsupported', message };
    }
    analytics.log(name, params);
    return { status: 'logged' };
  } catch (error) {
    return failed(error);
  }
}
