import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingSandboxes } from './sample-app.ts';
import { type SandboxKind, type SandboxedCommand, detectSandbox, runSandboxed } from './sandbox.ts';

const kinds = await workingSandboxes();
const root = realpathSync(mkdtempSync(join(tmpdir(), 'graft sandbox test-')));
const work = join(root, 'work');
const secret = join(root, 'key-file');
const canary = ['canary', 'of', 'the', 'worker'].join('-');
let listening: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  mkdirSync(work);
  writeFileSync(secret, canary);
  process.env['GRAFT_TEST_CANARY'] = canary;
  listening = createServer((socket) => {
    connections += 1;
    socket.end('reached');
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(() => {
  delete process.env['GRAFT_TEST_CANARY'];
  listening.close();
  rmSync(root, { recursive: true });
});

const limits = {
  seconds: 20,
  outputBytes: 1_000_000,
  fileBytes: 67_108_864,
  memoryBytes: 1_073_741_824,
  processes: 64,
  diskBytes: 1_073_741_824,
};

function run(
  kind: SandboxKind,
  command: readonly string[],
  change: Partial<SandboxedCommand> = {},
  signal?: AbortSignal,
) {
  return runSandboxed(
    kind,
    {
      command,
      folder: work,
      environment: {},
      mounts: [{ path: work, writable: true }],
      hosts: [],
      limits,
      ...change,
    },
    signal ?? new AbortController().signal,
  );
}

const shell = (script: string) => ['/bin/sh', '-c', script];
const node = (script: string) => [process.execPath, '-e', script];

/** Processes of this machine whose command line has a word. */
function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

function daemonRuns(word: string): boolean {
  return processesWith(`\0${word}\0`).length > 0;
}

/** A daemon that leaves its parent, its session and its output behind, known by a word. */
const daemon = (word: string) =>
  `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '${word}'], { detached: true, stdio: 'ignore' }).unref();`;

describe.each(kinds)('%s', (kind) => {
  it('gives the environment that is asked for and no other', async () => {
    const { output } = await run(kind, ['/usr/bin/env'], { environment: { GIVEN: 'yes' } });
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0])
      .sort();
    expect(names.filter((name) => name !== 'PWD')).toEqual(['CI', 'GIVEN', 'HOME', 'LANG', 'PATH', 'TMPDIR']);
  });

  it('hides the environment, the files and the processes of the worker', async () => {
    const { output } = await run(
      kind,
      shell(
        `cat /proc/*/environ /proc/*/task/*/environ '${secret}' 2>&1; ls '${root}' /root /home 2>&1; ls -d /proc/[0-9]* | wc -l`,
      ),
    );
    expect(output).not.toContain(canary);
    expect(output).toContain('No such file');
    expect(output).not.toContain('key-file\n');
    expect(Number(output.trim().split('\n').at(-1))).toBeLessThan(10);
  });

  it('lets write into writable mounts, the private folders and nothing else', async () => {
    const fixed = join(work, 'fixed');
    mkdirSync(fixed, { recursive: true });
    const mounts = [
      { path: work, writable: true },
      { path: fixed, writable: false },
    ];
    const script = `for path in "$PWD/a" "$PWD/fixed/a" /tmp/a "$HOME/a" /usr/a /etc/a /a /dev/a /proc/sys/kernel/core_pattern; do
      if [ "$path" = /proc/sys/kernel/core_pattern ]; then [ -w "$path" ] && cat "$path" > /tmp/same && cat /tmp/same > "$path" && echo "wrote $path"
      else true > "$path" && echo "wrote $path"; fi; done; rm -rf "$PWD/fixed"; mount -o remount,bind,rw /usr && true > /usr/a && echo wrote`;
    const { output } = await run(kind, shell(script), { mounts });
    const wrote = output.split('\n').filter((line) => line.startsWith('wrote ') && line !== 'wrote /dev/a');
    expect(wrote).toEqual([`wrote ${work}/a`, 'wrote /tmp/a', 'wrote /home/graft/a']);
    expect(existsSync(join(work, 'a'))).toBe(true);
    expect(existsSync(fixed)).toBe(true);
    expect(existsSync('/usr/a') || existsSync('/tmp/a')).toBe(false);
  });

  it('makes no user namespace in which it would have rights', async () => {
    const { output } = await run(
      kind,
      shell('unshare --user --map-root-user id -u 2>&1; grep CapEff /proc/self/status'),
    );
    expect(output).toMatch(/CapEff:\s+0{16}/);
    expect(output.split('\n')[0]).not.toBe('0');
  });

  const connect = (to: string) =>
    `require('node:net').connect(${to}, '127.0.0.1').on('data', (data) => { console.log(String(data)); process.exit(0); }).on('error', (error) => { console.log(error.code); process.exit(1); })`;

  it('has a loopback of its own and reaches nothing of the machine', async () => {
    const before = connections;
    const outside = await run(kind, node(connect(String(port))));
    expect(outside.output.trim()).toBe('ECONNREFUSED');
    expect(connections).toBe(before);
    const inside = await run(
      kind,
      node(
        `const server = require('node:net').createServer((socket) => socket.end('inner')).listen(0, '127.0.0.1', () => { ${connect('server.address().port')} })`,
      ),
    );
    expect(inside.output.trim()).toBe('inner');
  });

  const throughProxy = (urls: readonly string[]) =>
    node(`
    const { request } = require('node:http');
    const proxy = new URL(process.env.HTTP_PROXY);
    const ask = (options) => new Promise((resolve) => {
      const asked = request({ host: proxy.hostname, port: proxy.port, agent: false, ...options });
      asked.on('connect', ({ statusCode }, socket) => {
        if (statusCode !== 200) return resolve(statusCode);
        socket.on('data', (data) => resolve(String(data).split('\\r\\n').at(-1)));
        socket.write('GET / HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n');
      });
      asked.on('response', (reply) => reply.on('data', (data) => resolve(String(data))).on('end', () => resolve(reply.statusCode)));
      asked.on('error', (error) => resolve(error.code));
      asked.end();
    });
    (async () => {
      for (const url of ${JSON.stringify(urls)}) {
        const { host } = new URL(url);
        console.log('plain', await ask({ path: url }), 'tunnel', await ask({ method: 'CONNECT', path: host }));
      }
    })();`);

  it('reaches the hosts that it is given by the proxy, and no other name or address', async () => {
    let asked = 0;
    const service = createHttpServer((_, response) => {
      asked += 1;
      response.end('reached');
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
    const given = { hosts: [host] };
    const foreign = ['http://foreign.example/', `http://127.0.0.1:${port}/`, 'http://10.0.0.1/', 'http://[::1]:8080/'];
    const ending = await run(kind, throughProxy([`http://${host}/`, ...foreign]), given);
    const lines = ending.output.trim().split('\n');
    expect(lines).toEqual(['plain reached tunnel reached', ...foreign.map(() => 'plain 403 tunnel 403')]);
    expect(ending.refusedHosts).toEqual(['foreign.example:80', `127.0.0.1:${port}`, '10.0.0.1:80', '[::1]:8080']);
    expect(asked).toBe(2);
    const before = connections;
    const direct = await run(kind, node(connect(String(port))), given);
    expect([direct.output.trim(), connections - before]).toEqual(['ECONNREFUSED', 0]);
    const code = await run(kind, shell('exit 7'), given);
    expect(code).toMatchObject({ ended: 'exit', exitCode: 7, refusedHosts: [] });
    service.close();
  });

  it('passes the exit code on, and tells of a signal', async () => {
    expect(await run(kind, shell('exit 7'))).toMatchObject({ ended: 'exit', exitCode: 7 });
    const killed = await run(kind, shell('kill -KILL $$'));
    expect(killed.ended).toBe('exit');
    expect(killed.exitCode).not.toBe(0);
  });

  it('leaves no daemon behind when the command ends', async () => {
    const word = `graft-daemon-a-${kind}-${process.pid}`;
    const { exitCode } = await run(kind, node(`${daemon(word)} setTimeout(() => process.exit(0), 200)`));
    expect(exitCode).toBe(0);
    expect(processesWith(word)).toEqual([]);
  });

  it('stops at its time, daemons included', async () => {
    const word = `graft-daemon-b-${kind}-${process.pid}`;
    const ending = await run(kind, node(`${daemon(word)} setInterval(() => {}, 1000)`), {
      limits: { ...limits, seconds: 0.6 },
    });
    expect(ending.ended).toBe('time');
    expect(ending.seconds).toBeLessThan(5);
    expect(processesWith(word)).toEqual([]);
  });

  it('stops when it is cancelled, daemons included', async () => {
    const word = `graft-daemon-c-${kind}-${process.pid}`;
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const running = run(kind, node(`${daemon(word)} setInterval(() => {}, 1000)`), {}, cancel.signal);
    while (!daemonRuns(word)) await wait(20);
    cancel.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(processesWith(word)).toEqual([]);
  });

  it('dies with the worker that is killed', async () => {
    const word = `graft-daemon-d-${kind}-${process.pid}`;
    const script = join(root, `worker-${kind}.ts`);
    const module = fileURLToPath(new URL('./sandbox.ts', import.meta.url));
    writeFileSync(
      script,
      `import { runSandboxed } from ${JSON.stringify(module)};
      await runSandboxed(${JSON.stringify(kind)}, ${JSON.stringify({ command: node(`${daemon(word)} setInterval(() => {}, 1000)`), folder: '/tmp', environment: {}, mounts: [], hosts: [], limits })}, new AbortController().signal);`,
    );
    const worker = spawn(process.execPath, [script], { stdio: 'ignore' });
    const inside = () => processesWith(word).filter((pid) => pid !== String(worker.pid));
    while (!daemonRuns(word)) await wait(20);
    worker.kill('SIGKILL');
    const deadline = Date.now() + 5000;
    while (inside().length > 0 && Date.now() < deadline) await wait(20);
    expect(inside()).toEqual([]);
  });

  it('stops endless output and keeps its beginning and end', async () => {
    const ending = await run(kind, shell('echo first; yes middle'));
    expect(ending.ended).toBe('output');
    expect(ending.output.startsWith('first\nmiddle')).toBe(true);
    expect(ending.output.length).toBeLessThan(300_000);
  });

  it('stops a file, a disk, a memory and a swarm that grow without end', async () => {
    const small = { ...limits, seconds: 30 };
    const file = await run(kind, shell('dd if=/dev/zero of=big bs=1M count=3 2>&1; ls -l big'), {
      limits: { ...small, fileBytes: 1_048_576 },
    });
    expect(file.output).toContain(' 1048576 ');
    const disk = await run(
      kind,
      shell('n=0; while :; do n=$((n+1)); dd if=/dev/zero of=disk$n bs=1M count=20 2>/dev/null; done'),
      { limits: { ...small, diskBytes: 100_000_000 } },
    );
    expect(disk.ended).toBe('disk');
    for (const name of readdirSync(work)) rmSync(join(work, name), { recursive: true });
    const memory = await run(
      kind,
      node('const kept = []; setInterval(() => kept.push(Buffer.alloc(20_000_000, 1)), 20)'),
      { limits: { ...small, memoryBytes: 300_000_000 } },
    );
    expect(memory.ended).toBe('memory');
    const swarm = await run(kind, shell('while :; do sleep 60 & done'), { limits: { ...small, processes: 30 } });
    expect(swarm.ended).toBe('processes');
  });

  it('does not mount through a link that an earlier run left', async () => {
    const planted = join(work, 'planted');
    symlinkSync(dirname(secret), planted);
    await expect(run(kind, ['/bin/true'], { mounts: [{ path: planted, writable: false }] })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    rmSync(planted);
  });
});

describe('without a sandbox', () => {
  it('gives the environment that is asked for, and ends the group at its time', async () => {
    const ending = await run('none', shell('env; sleep 60 & sleep 60'), { limits: { ...limits, seconds: 0.5 } });
    expect(ending.ended).toBe('time');
    expect(ending.output).not.toContain(canary);
  });

  it('is only taken when it is asked for or nothing works', async () => {
    expect(await detectSandbox('none')).toBe('none');
    expect(await detectSandbox('auto')).toBe(kinds[0]);
  });
});
