// Runs inside the sandbox: opens a port on its own loopback that leads to the proxy's Unix socket, and runs a command whose
// environment names it. Only Node is there to import.
import { spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';

const [socket = '', program = '', ...rest] = process.argv.slice(2);
const server = createServer((client) => {
  const proxy = connect(socket);
  client.pipe(proxy).pipe(client);
  for (const [one, other] of [
    [client, proxy],
    [proxy, client],
  ] as const)
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'YARN_HTTP_PROXY', 'YARN_HTTPS_PROXY'];
  const environment = { ...process.env, ...Object.fromEntries(names.map((name) => [name, url])) };
  const child = spawn(program, rest, { env: environment, stdio: 'inherit' });
  child.once('error', (error) => {
    process.stderr.write(`${program} could not be started: ${error.message}\n`);
    process.exit(127);
  });
  child.once('exit', (code, signal) => {
    process.exit(code ?? (signal === 'SIGKILL' ? 137 : 143));
  });
});
