/** Compares by code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Where a new key belongs in a list: at its place when the keys that are not ours are in order (by locale as npm does, or by code
 * units); else at the end, in order among ours that stand there already. So two connectors end alike whichever comes first.
 */
export function insertionIndex(keys: readonly string[], added: string, isOurs: (key: string) => boolean): number {
  const theirs = keys.filter((key) => !isOurs(key));
  const byLocale = (a: string, b: string) => a.localeCompare(b, 'en');
  const order = [byLocale, compareText].find((compare) =>
    theirs.every((key, index) => index === 0 || compare(theirs[index - 1] ?? '', key) <= 0),
  );
  if (order !== undefined) {
    const later = keys.findIndex((key) => order(key, added) > 0);
    return later === -1 ? keys.length : later;
  }
  return appendedIndex(keys, added, isOurs);
}

/** Where a new key belongs in a list whose order means something: at the end, in order among ours that stand there already. */
export function appendedIndex(keys: readonly string[], added: string, isOurs: (key: string) => boolean): number {
  let index = keys.length;
  while (index > 0) {
    const key = keys[index - 1] ?? '';
    if (!isOurs(key) || compareText(key, added) < 0) break;
    index -= 1;
  }
  return index;
}
