import { DefaultLogger, Runtime } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import type { z } from 'zod';

/** A worker's own log: JSON lines on stderr. */
export function startLog(name: string): Logger {
  return pino({ name }, pino.destination(2));
}

/** Parses this process's environment; names what is wrong, never a value, and ends the process. */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema, log: Logger): z.infer<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) log.fatal(`${issue.path.join('.')}: ${issue.message} (see .env.example)`);
  process.exit(1);
}

/** Sends the SDK's log to the worker's; call it once, before anything native. */
export function installRuntime(log: Logger, level: 'debug' | 'info' | 'warn' | 'error'): void {
  log.level = level;
  Runtime.install({
    logger: new DefaultLogger(level.toUpperCase() as 'DEBUG' | 'INFO' | 'WARN' | 'ERROR', (entry) => {
      const write = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
      log[write[entry.level]]({ ...entry.meta }, entry.message);
    }),
    shutdownSignals: ['SIGTERM', 'SIGINT'],
  });
}

/** One line on stdout tells whoever started the process that it serves. */
export function tellReady(): void {
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid })}\n`);
}
