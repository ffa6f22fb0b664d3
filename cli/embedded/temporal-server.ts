import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { messageOf } from '../../contract/errors.ts';
import type { Say } from './cache.ts';
import { type Child, startChild, waitForChild } from './child.ts';
import { waitForEarlierServer } from './earlier-server.ts';
import { freePort } from './ports.ts';
import { resolveTemporalCli } from './temporal-cli.ts';

export interface TemporalServer {
  /** `127.0.0.1:port` of the gRPC front end. */
  address: string;
  uiUrl: string;
  child: Child;
  stop(): Promise<void>;
}

export interface TemporalServerOptions {
  /** SQLite file that keeps everything. */
  databaseFile: string;
  logFile: string;
  port: number;
  uiPort: number;
  /** Where the Web UI has payloads decoded. */
  codecEndpoint: string;
  say: Say;
}

const mostTries = 3;

/** Starts Temporal's development server on 127.0.0.1 with its Web UI. Throws `unavailable` with what its log says. */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const cli = await resolveTemporalCli(options.say);
  // Two servers over one SQLite file would each believe that it alone has the workflows.
  const pidFile = `${options.databaseFile}.pid`;
  await waitForEarlierServer(pidFile, 'Temporal server', options.databaseFile);
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(cli, options, pidFile);
    } catch (error) {
      // Ports that were free a moment ago may be somebody else's by now; the next try looks for others.
      if (tries === mostTries || !messageOf(error).includes('address already in use')) throw error;
    }
  }
}

async function startOnce(cli: string, options: TemporalServerOptions, pidFile: string): Promise<TemporalServer> {
  const ports = {
    '--port': options.port,
    '--ui-port': options.uiPort,
    '--http-port': await freePort(),
    '--metrics-port': await freePort(),
  };
  const child = await startChild({
    name: 'Temporal server',
    command: cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--db-filename', options.databaseFile],
      ...[
        '--ui-codec-endpoint',
        options.codecEndpoint,
        '--log-level',
        'warn',
        '--disable-config-file',
        '--disable-config-env',
      ],
      ...Object.entries(ports).flatMap(([flag, port]) => [flag, String(port)]),
    ],
    // HOME keeps the CLI from complaining; nothing is read from it.
    env: { HOME: '/', TZ: 'UTC' },
    logFile: options.logFile,
  });
  writeFileSync(pidFile, `${child.pid}\n`);
  await waitForChild(child, () => accepts(options.port));
  await waitForChild(child, () => accepts(options.uiPort));
  return {
    address: `127.0.0.1:${options.port}`,
    uiUrl: `http://127.0.0.1:${options.uiPort}`,
    child,
    stop: () => child.stop(),
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
