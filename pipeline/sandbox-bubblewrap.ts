import type { Launch, SandboxedCommand } from './sandbox.ts';
import { environmentFor, homeFolder, placementsFor, scratchBytes, withLimits } from './sandbox-layout.ts';

/** Starts a command by bubblewrap; its launcher gets an empty environment, which `/proc/1/environ` inside would show. */
export function bubblewrapLaunch(command: SandboxedCommand): Launch {
  const size = ['--size', String(scratchBytes)];
  const sandbox = [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net', '--unshare-cgroup-try'],
    ...['--disable-userns', '--uid', '1000', '--gid', '1000', '--hostname', 'graft'],
    ...['--die-with-parent', '--new-session', '--clearenv', '--proc', '/proc', '--dev', '/dev'],
    ...[...size, '--tmpfs', '/dev/shm', ...size, '--tmpfs', '/tmp', ...size, '--tmpfs', homeFolder],
  ];
  for (const placement of placementsFor(command)) {
    if (placement.kind === 'link') sandbox.push('--symlink', placement.target, placement.path);
    else sandbox.push(placement.writable ? '--bind' : '--ro-bind', placement.from, placement.to);
  }
  for (const [name, value] of Object.entries(environmentFor(command))) sandbox.push('--setenv', name, value);
  return {
    command: [
      ...['/usr/bin/env', 'bwrap', ...sandbox, '--remount-ro', '/', '--chdir', command.folder, '--'],
      ...withLimits(command.command, command.limits, true),
    ],
    environment: launcherEnvironment,
  };
}

const launcherEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
