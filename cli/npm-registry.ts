import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** URL of the package registry that this machine's npm uses. */
export async function readRegistry(): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  return stdout.trim();
}
