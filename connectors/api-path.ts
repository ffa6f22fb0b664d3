import type { AppFacts } from '../contract/connector.ts';

/** Where an app calls the API routes of a connector: on its own server below Next.js's `basePath`, as `fetch` does not add that. */
export function apiPathOf(name: string, { basePath = '' }: AppFacts, serverUrl: string): string {
  return `${serverUrl === '' ? basePath : ''}/api/${name}`;
}
