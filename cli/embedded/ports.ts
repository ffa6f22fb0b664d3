import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the ports that systems give to outgoing connections, which could take one between the look and its use.
const lowest = 15_000;
const highest = 32_000;

/** A port on 127.0.0.1 that was free a moment ago: the wanted one if it is, else any. */
export async function freePort(wanted = 0): Promise<number> {
  return (await tryPort(wanted === 0 ? randomInt(lowest, highest) : wanted)) ?? (await freePort());
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
