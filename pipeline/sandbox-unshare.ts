import { fileURLToPath } from 'node:url';
import type { Launch, SandboxedCommand } from './sandbox.ts';
import { environmentFor, homeFolder, placementsFor, scratchBytes, withLimits } from './sandbox-layout.ts';

const buildRoot = fileURLToPath(new URL('./harness/build-root.sh', import.meta.url));

/**
 * Starts a command in the same namespaces by util-linux alone; `scratch` is an empty folder to build the root on.
 * The network namespace is made inside the user namespace, after its ids are mapped: only then does sysfs let us raise
 * the loopback, for which the machine may have no `ip`.
 */
export function unshareLaunch(command: SandboxedCommand, scratch: string): Launch {
  const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child=KILL'];
  const root: string[] = [scratch, homeFolder, String(scratchBytes), command.folder];
  for (const placement of placementsFor(command)) {
    if (placement.kind === 'link') root.push('link', placement.target, placement.path);
    else root.push(placement.writable ? 'rw' : 'ro', placement.from, placement.to);
  }
  const environment = Object.entries(environmentFor(command)).map(([name, value]) => `${name}=${value}`);
  return {
    command: [
      ...['/usr/bin/env', 'setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--', 'unshare', ...namespaces, '--'],
      ...['unshare', '--net', '--', '/bin/sh', buildRoot, ...root, '--', ...environment],
      ...withLimits(command.command, command.limits, true),
    ],
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  };
}
