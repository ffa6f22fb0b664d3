import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyFiles } from '../../vault/keys.ts';
import { readRegistry } from '../npm-registry.ts';
import { prepare } from '../prepare.ts';
import type { Say } from './cache.ts';
import { environmentsOf } from './environments.ts';
import { type Parts, createParts } from './parts.ts';
import type { SimulatedGithub } from '../../code-host/simulated-github/start.ts';
import { readGithub, startGithub } from './github.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { processNames, startProcess } from './processes.ts';
import { startSimulators } from './simulators.ts';
import { claimState, hideStack, releaseState, writeStack } from './state.ts';
import { startTemporalServer } from './temporal-server.ts';

const temporalNamespace = 'graft';
/** Ports that are the same at every start, where they are free. */
const fixedPorts = { api: 4400, codec: 4401, temporal: 7233, temporalUi: 8233 } as const;

export interface StackOptions {
  /** Holds all data; a second start over it finds everything again. */
  stateDir: string;
  ports?: 'free' | 'fixed';
  /** Progress, one line at a time. */
  logs: Say;
  /**
   * Where real credentials of providers are looked for, which switch their simulators off, and GITHUB_WEBHOOK_SECRET; the
   * process's by default.
   */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Starts a GitHub beside it, in place of the one that the environment may name. */
  simulatedGithub?: boolean;
}

interface StackFacts {
  apiUrl: string;
  temporalAddress: string;
  temporalUiUrl: string;
  /** Of the role that owns the tables. */
  databaseUrl: string;
  /** Root of the local code host's bare repositories. */
  repositories: string;
  /** Where the local code host publishes values. */
  values: string;
  artifacts: string;
  workspaces: string;
  logs: string;
  /** Folder of the key files. */
  keys: string;
  /** Connector → origin of its simulator; none for a connector whose real keys are in the environment. */
  simulators: Readonly<Record<string, string>>;
  /** The simulated GitHub, when one was asked for. */
  simulatedGithub: SimulatedGithub | undefined;
}

export interface Stack extends StackFacts {
  /** Process ids by name, as they are now. */
  readonly processes: Readonly<Record<string, number>>;
  /** Resolves with a sentence when a process of the stack ends that nobody stopped or restarted. */
  crashed: Promise<string>;
  /** Kills a process, named as in `processes`, at once and starts it again with the same settings over the same data. */
  restart(name: string): Promise<void>;
  /** Ends every process of the stack; the data stays. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL, Temporal, the simulators and our three processes. Throws what went wrong after ending what it had started, and `unavailable` where a stack is over the same data. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { stateDir } = options;
  claimState(stateDir);
  const parts = createParts();
  const stop = async () => {
    hideStack(stateDir);
    await parts.stop();
    releaseState(stateDir);
  };
  try {
    const facts = await startParts(options, (begin) => parts.start(begin));
    const { simulatedGithub: _, ...plain } = facts;
    writeStack(stateDir, { ...plain, pid: process.pid });
    return {
      ...facts,
      get processes() {
        return parts.processes();
      },
      crashed: parts.crashed,
      restart: (name) => parts.restart(name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(options: StackOptions, start: Parts['start']): Promise<StackFacts> {
  const { stateDir, ports = 'free', logs, environment = process.env } = options;
  const folders = makeFolders(stateDir);
  const logFile = (name: string) => join(folders.logs, `${name}.log`);
  const port = (name: keyof typeof fixedPorts) => freePort(ports === 'fixed' ? fixedPorts[name] : 0);
  const [apiPort, codecPort] = [await port('api'), await port('codec')];
  const temporalOptions = {
    databaseFile: join(folders.temporal, 'temporal.db'),
    logFile: logFile('temporal'),
    port: await port('temporal'),
    uiPort: await port('temporalUi'),
    codecEndpoint: `http://127.0.0.1:${codecPort}/codec`,
    say: logs,
  };
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const [database, temporal, simulators, github, keys, registry] = await allOrFirstError([
    start(() => startPostgres({ dataDir: join(stateDir, 'postgres'), logFile: logFile('postgres') })),
    start(() => startTemporalServer(temporalOptions)),
    start(() => startSimulators(environment)),
    start(async () =>
      options.simulatedGithub === true ? startGithub(join(stateDir, 'github'), apiUrl) : readGithub(environment),
    ),
    createKeyFiles(folders.keys),
    readRegistry(),
  ]);
  const passwords = { api: randomBytes(24).toString('hex'), control: randomBytes(24).toString('hex') };
  await prepare({
    databaseUrl: database.url,
    passwords,
    temporalAddress: temporal.address,
    temporalNamespace,
    codecKeyFile: keys.codec,
  });
  const environments = environmentsOf({
    ...folders,
    keys,
    registry,
    apiPort,
    codecPort,
    temporalNamespace,
    databaseUrl: {
      api: asRole(database.url, 'graft_api', passwords.api),
      control: asRole(database.url, 'graft_control', passwords.control),
    },
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    simulators: simulators.hosts,
    github,
  });
  await allOrFirstError(
    processNames.map((name) =>
      start(async () => {
        const child = await startProcess(name, environments[name], logFile(name));
        return { child, stop: () => child.stop() };
      }),
    ),
  );
  return {
    apiUrl,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    databaseUrl: database.url,
    simulators: simulators.urls,
    simulatedGithub: github.simulated,
    ...folders,
  };
}

function makeFolders(stateDir: string) {
  const make = (name: string) => {
    const folder = join(stateDir, name);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  };
  return {
    keys: make('keys'),
    logs: make('logs'),
    temporal: make('temporal'),
    artifacts: make('artifacts'),
    repositories: make('repositories'),
    values: make('values'),
    workspaces: make('workspaces'),
    cache: make('cache'),
  };
}

/** Waits for all, so that what was started beside a failure is known and can be ended. */
async function allOrFirstError<T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

function asRole(ownerUrl: string, role: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  return url.href;
}
