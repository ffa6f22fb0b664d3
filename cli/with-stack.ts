import { setTimeout as wait } from 'node:timers/promises';
import { type Stack, type StackOptions, startStack } from './embedded/stack.ts';

/**
 * Starts a stack, uses it, and ends it whatever happens: `use` is done or throws, a process of the stack ends by itself
 * (1, and `logs` says which), or this process is asked to end (`asked`), also while it is still starting.
 */
export async function withStack(
  options: StackOptions,
  use: (stack: Stack) => Promise<number>,
): Promise<number | 'asked'> {
  const asked = untilAskedToEnd();
  const starting = startStack(options);
  const stack = await Promise.race([starting, asked]);
  if (stack === 'asked') {
    options.logs('Stopping …');
    // A long build is not waited for: what it started ends with this process.
    await Promise.race([starting.then((started) => started.stop()).catch(() => undefined), wait(15_000)]);
    return 'asked';
  }
  try {
    const result = await Promise.race([use(stack), stack.crashed, asked]);
    if (result === 'asked' || typeof result === 'number') return result;
    options.logs(result);
    return 1;
  } finally {
    options.logs('Stopping …');
    await stack.stop();
  }
}

/**
 * SIGINT, SIGTERM, SIGHUP, or the bootstrap that started this process is gone. From the call on, signals no longer end
 * the process by themselves, and a second one changes nothing.
 */
function untilAskedToEnd(): Promise<'asked'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('asked'));
    process.on('disconnect', () => resolve('asked'));
    process.channel?.unref();
  });
}
