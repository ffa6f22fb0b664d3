import { parseArgs } from 'node:util';
import { type CodeHostKind, codeHostKinds } from '../../contract/closed-sets.ts';
import { connectors, getConnector } from '../../connectors/index.ts';
import { GraftError, messageOf } from '../../contract/errors.ts';

const usage = `npm run demo [-- --connector id|all] [--code-host local|github [--repo owner/name [--app-dir folder] [--merge]]] [--keep]

Installs a connector into a fresh Expo app and takes it out again; with all, every one, beside each other.
  --connector  one of: ${[...connectors.keys()].join(', ')}, or all of them: all; stripe without it
  --code-host  where the app lives: on disk (local, the default), or at a GitHub that is simulated on this machine
  --repo       at the real GitHub: an Expo app of yours, with the identity in GITHUB_TOKEN or GITHUB_APP_ID
  --app-dir    folder of the app in that repository
  --merge      merges the pull requests there by itself; without it you merge them in the browser
  --keep       stops after the installation and leaves the stack running
`;

export interface DemoFlags {
  /** In the order of their installation. */
  connectors: readonly string[];
  codeHost: CodeHostKind;
  repo: string | undefined;
  appDir: string;
  merge: boolean;
  keep: boolean;
}

/** Reads the demo's arguments; throws `invalid_request` with the usage. */
export function readFlags(args: readonly string[]): DemoFlags {
  const { connector, 'code-host': codeHost, repo, 'app-dir': appDir, merge, keep } = parse(args);
  const kind = codeHostKinds.find((known) => known === codeHost);
  if (kind === undefined) throw wrong(`--code-host is one of: ${codeHostKinds.join(', ')}.`);
  if (repo !== undefined && kind !== 'github') throw wrong('--repo goes with --code-host github.');
  if (repo === undefined && (merge || appDir !== '')) throw wrong('--merge and --app-dir go with --repo.');
  // `getConnector` throws with the connectors that there are.
  const chosen = connector === 'all' ? [...connectors.keys()] : [getConnector(connector).manifest.id];
  return { connectors: chosen, codeHost: kind, repo, appDir, merge, keep };
}

function parse(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        connector: { type: 'string', default: 'stripe' },
        'code-host': { type: 'string', default: 'local' },
        repo: { type: 'string' },
        'app-dir': { type: 'string', default: '' },
        merge: flag,
        keep: flag,
      },
    }).values;
  } catch (cause) {
    throw wrong(messageOf(cause), cause);
  }
}

function wrong(message: string, cause?: unknown): GraftError {
  return new GraftError('invalid_request', `${message}\n\n${usage}`, { cause });
}
