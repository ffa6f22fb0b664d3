import type { AuditRow } from '../contract/audit.ts';
import { GraftError } from '../contract/errors.ts';
import { type Database, closeDatabase, connectDatabase } from '../db/connect.ts';
import { listAudit } from '../db/queries/audit.ts';
import { verifyAudit } from '../vault/audit.ts';
import { databaseUrl } from './database-url.ts';
import { runCommand } from './run-command.ts';

/** Reads the whole audit chain and tells whether it holds: 0 when it does, 1 with the first row that does not. */
async function audit(): Promise<number> {
  if (process.argv[2] !== 'verify' || process.argv.length > 3) {
    throw new GraftError('invalid_request', 'Usage: npm run -s audit -- verify');
  }
  const database = connectDatabase(databaseUrl(), { connections: 1 });
  try {
    const rows = await readAll(database);
    const { ok, brokenAt, lastHash } = verifyAudit(rows);
    process.stdout.write(
      ok
        ? `The audit chain holds: ${rows.length} rows. Last hash, to be kept elsewhere: ${lastHash}\n`
        : `The audit chain is broken at row ${brokenAt} of ${rows.length}.\n`,
    );
    return ok ? 0 : 1;
  } finally {
    await closeDatabase(database);
  }
}

async function readAll(database: Database): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for (;;) {
    const page = await listAudit(database, rows.at(-1)?.seq ?? 0);
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}

await runCommand(audit);
