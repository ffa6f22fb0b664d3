/** Google Analytics in Firebase's JavaScript SDK runs in browsers only, so on devices there is none. */
export async function loadAnalytics(): Promise<
  { log: (name: string, params: Record<string, string | number>) => void } | undefined
> {
  return undefined;
}
