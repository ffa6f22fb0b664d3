/** SQLSTATEs and driver codes that pass: connections, shutting down, too many clients, deadlocks, lost races. */
const passing =
  /^(08|53|57P|40)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT_TIMEOUT|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECTION_DESTROYED)$/;

/** The SQLSTATE or driver code in an error of a query, or in what caused it; undefined when it is no database's error. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause)
    if ('code' in current && typeof current.code === 'string') return current.code;
  return undefined;
}

/** Does this error mean that the database cannot be reached or is busy, so that the same query may succeed soon? */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code !== undefined && passing.test(code);
}
