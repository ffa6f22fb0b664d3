import { createRequire } from 'node:module';
import { dirname } from 'node:path';

const require = createRequire(import.meta.url);

/** npm comes with Graft: another version writes other lock files (10 drops the `libc` lines of 11). */
export const npmFolder = dirname(require.resolve('npm/package.json'));
export const npmVersion: string = (require('npm/package.json') as { version: string }).version;
