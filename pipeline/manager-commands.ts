import { join } from 'node:path';
import type { PackageManager } from '../contract/closed-sets.ts';

export type ManagerKind = Exclude<PackageManager, 'none'>;

export interface Places {
  /** The project's own folder of downloads. */
  cache: string;
  registry: string;
}

/** How one package manager is told to do what the dependency step wants of it: no scripts, no settings but ours. */
export interface ManagerCommands {
  /** Writes the lock file anew, and no more where the manager can; `lock` is the one that is there. */
  writeLock(lock: string): readonly string[];
  /** Installs what the lock file says and fails where `package.json` files say something else. */
  install: readonly string[];
  settings(places: Places): { flags: readonly string[]; environment: Readonly<Record<string, string>> };
  /** What its output says when the registry wants a login, and when it cannot serve. */
  loginWanted: RegExp;
  notServed: RegExp;
  /** Its own words about what is wrong. */
  said: RegExp;
}

const outage = 'E5\\d\\d|E429|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH';

const npm: ManagerCommands = {
  writeLock: (lock) => ['install', '--package-lock-only', ...npmLockStyle(lock)],
  install: ['ci'],
  settings: ({ cache, registry }) => {
    const nothing = join(cache, 'no-settings');
    return {
      flags: [
        ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--no-progress', '--no-color'],
        ...[`--userconfig=${nothing}/user`, `--globalconfig=${nothing}/global`, `--cache=${cache}`],
        ...['--loglevel=warn', '--logs-max=0', `--registry=${registry}`],
      ],
      environment: {},
    };
  },
  loginWanted: /^npm error code (?:E401|E403|ENEEDAUTH)$/m,
  notServed: new RegExp(`^npm error code (?:${outage})$`, 'm'),
  said: /^npm error (?!code )(.+)$/m,
};

const pnpm: ManagerCommands = {
  writeLock: () => ['install', '--lockfile-only', '--no-frozen-lockfile'],
  install: ['install', '--frozen-lockfile'],
  settings: ({ cache, registry }) => ({
    flags: [
      ...['--ignore-scripts', '--ignore-pnpmfile', '--reporter=append-only', `--registry=${registry}`],
      ...[`--store-dir=${join(cache, 'pnpm-store')}`, '--config.update-notifier=false'],
      // The version that is asked for is the one that runs: it need not look for itself.
      ...['--config.manage-package-manager-versions=false', '--config.package-manager-strict=false'],
      // As pnpm 11 and newer call that: 12 would also want to write down what the app pins, and refuse a lock file without it.
      '--config.pm-on-fail=ignore',
    ],
    environment: {
      XDG_CACHE_HOME: join(cache, 'pnpm-cache'),
      XDG_STATE_HOME: join(cache, 'pnpm-state'),
      NO_COLOR: '1',
    },
  }),
  loginWanted: /ERR_PNPM_FETCH_40[13]\b/,
  notServed: new RegExp(`ERR_PNPM_(?:FETCH_(?:5\\d\\d|429)|META_FETCH_FAIL)\\b|\\b(?:${outage})\\b`),
  said: /(ERR_PNPM_\w+.+)$/m,
};

const yarn1: ManagerCommands = {
  writeLock: () => ['install'],
  install: ['install', '--frozen-lockfile'],
  settings: ({ cache, registry }) => ({
    flags: [
      ...['--ignore-scripts', '--ignore-engines', '--non-interactive', '--no-progress', '--network-timeout=300000'],
      ...[`--cache-folder=${join(cache, 'yarn1')}`, `--registry=${registry}`],
    ],
    environment: { SKIP_YARN_COREPACK_CHECK: '1', NO_COLOR: '1' },
  }),
  loginWanted: /Request failed \\?"40[13]/,
  notServed: new RegExp(`Request failed \\\\?"(?:5\\d\\d|429)|\\b(?:${outage})\\b`),
  said: /^error (.+)$/m,
};

const yarn: ManagerCommands = {
  writeLock: () => ['install', '--no-immutable', '--mode=update-lockfile'],
  install: ['install', '--immutable', '--mode=skip-build'],
  settings: ({ cache, registry }) => {
    const { protocol, hostname } = new URL(registry);
    return {
      flags: [],
      environment: {
        YARN_IGNORE_PATH: '1',
        YARN_ENABLE_SCRIPTS: '0',
        YARN_ENABLE_TELEMETRY: '0',
        YARN_ENABLE_COLORS: '0',
        YARN_ENABLE_PROGRESS_BARS: '0',
        YARN_HTTP_TIMEOUT: '300000',
        YARN_ENABLE_GLOBAL_CACHE: '1',
        YARN_GLOBAL_FOLDER: join(cache, 'yarn'),
        YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
        ...(protocol === 'http:' ? { YARN_UNSAFE_HTTP_WHITELIST: hostname } : {}),
      },
    };
  },
  loginWanted: /YN0041|Response Code: 40[13]\b/,
  notServed: new RegExp(`Response Code: (?:5\\d\\d|429)\\b|\\b(?:${outage})\\b`),
  said: /YN(?!0000|0013|0073|0085)\d{4}: (.*(?:fail|error|can't|cannot|would|forbidden|doesn't|not found).*)$/im,
};

const bun: ManagerCommands = {
  writeLock: () => ['install', '--lockfile-only'],
  install: ['install', '--frozen-lockfile'],
  settings: ({ cache, registry }) => ({
    flags: ['--ignore-scripts', '--no-progress', `--registry=${registry}`],
    environment: { BUN_INSTALL_CACHE_DIR: join(cache, 'bun'), DO_NOT_TRACK: '1', NO_COLOR: '1' },
  }),
  loginWanted: /^error: GET .* - 40[13]$/m,
  notServed: /^error: (?:GET .* - (?:5\d\d|429)|Connection\w+ |ProxyConnectFailed \(502\))/m,
  said: /^error: (.+)$/m,
};

export const managerCommands: Readonly<Record<ManagerKind, ManagerCommands>> = { npm, pnpm, yarn1, yarn, bun };

/** A lock file without any `resolved` was written by people who asked npm for that: it must come back so. */
export function npmLockStyle(lock: string): readonly string[] {
  const omits = !/"resolved":\s*"https?:/.test(lock);
  return omits && lock.includes('"integrity"') ? ['--omit-lockfile-registry-resolved'] : [];
}
