/**
 * The entry of a manifest's `hosts` that names this host, which is also the key of its simulator: the host itself, or `*.`
 * in place of exactly its first label; undefined when none does.
 */
export function hostEntryOf(hosts: readonly string[], hostname: string): string | undefined {
  const firstDot = hostname.indexOf('.');
  const wildcard = firstDot > 0 ? `*${hostname.slice(firstDot)}` : undefined;
  return hosts.find((entry) => entry === hostname) ?? hosts.find((entry) => entry === wildcard);
}
