import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { GraftError } from '../contract/errors.ts';

const secondsPerCall = 120;
const bytesPerCall = 1024 ** 3;

// Nothing in a repository, a home or the system may choose a program that git runs, a file it reads, or a host it calls.
const fixedConfig = Object.entries({
  'core.hooksPath': devNull,
  'core.fsmonitor': 'false',
  'core.attributesFile': devNull,
  'core.logAllRefUpdates': 'false',
  'core.filesRefLockTimeout': '2000',
  'protocol.allow': 'never',
  'gc.auto': '0',
}).flatMap(([key, value]) => ['-c', `${key}=${value}`]);

/** Our own identity in commits of the local code host. */
const ourIdentity = { name: 'graft[bot]', email: 'graft[bot]@localhost' };

export interface GitCall {
  input?: Uint8Array | string;
  /** A temporary index file instead of the repository's. */
  index?: string;
  author?: { name: string; email: string };
  /** Exit codes besides 0 that are an answer. */
  accept?: readonly number[];
}

export interface GitAnswer {
  code: number;
  output: Buffer;
}

/**
 * Runs one git command on a bare repository (its folder) with a fixed environment and configuration.
 * Throws `unavailable` with git's own words as its cause when git fails, and `code_host_refused` when there is no git.
 */
export async function git(repository: string, args: readonly string[], call: GitCall = {}): Promise<GitAnswer> {
  const author = call.author ?? ourIdentity;
  return await new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [`--git-dir=${repository}`, ...fixedConfig, ...args],
      {
        cwd: repository,
        encoding: 'buffer',
        maxBuffer: bytesPerCall,
        timeout: secondsPerCall * 1000,
        killSignal: 'SIGKILL',
        env: {
          PATH: process.env.PATH,
          LC_ALL: 'C',
          HOME: devNull,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: devNull,
          GIT_ATTR_NOSYSTEM: '1',
          GIT_NO_REPLACE_OBJECTS: '1',
          GIT_NO_LAZY_FETCH: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_AUTHOR_NAME: author.name,
          GIT_AUTHOR_EMAIL: author.email,
          GIT_COMMITTER_NAME: author.name,
          GIT_COMMITTER_EMAIL: author.email,
          ...(call.index === undefined ? {} : { GIT_INDEX_FILE: call.index }),
        },
      },
      (error, output, words) => {
        if (error === null) return resolve({ code: 0, output });
        if (typeof error.code === 'number' && call.accept?.includes(error.code)) {
          return resolve({ code: error.code, output });
        }
        reject(failureOf(args[0] ?? '', error, words.toString()));
      },
    );
    // git may end before it has read everything; its exit code says what that means.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(call.input ?? '');
  });
}

/** The output of one git command as text without the last line end. */
export async function gitText(repository: string, args: readonly string[], call: GitCall = {}): Promise<string> {
  const { output } = await git(repository, args, call);
  return output.toString().replace(/\n$/, '');
}

function failureOf(command: string, error: Error & { code?: unknown }, words: string): GraftError {
  if (error.code === 'ENOENT') {
    return new GraftError('code_host_refused', 'git was not found: install git 2.39 or newer, then retry.', {
      cause: error,
    });
  }
  return new GraftError('unavailable', `git ${command} failed in the local code host; it is tried again.`, {
    cause: new Error(words.trim() === '' ? error.message : words.trim()),
  });
}
