import { GraftError, messageOf } from '../contract/errors.ts';

/** Runs a command to its exit code. What it throws goes to standard error: one sentence for ours, everything for a defect. */
export async function runCommand(command: () => Promise<number>): Promise<never> {
  try {
    process.exit(await command());
  } catch (error) {
    const known = error instanceof GraftError && error.code !== 'internal';
    process.stderr.write(known ? `${messageOf(error)}\n` : `${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  }
}
