import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { GraftError } from '../contract/errors.ts';
import { type ManagerKind, managerCommands } from './manager-commands.ts';
import { type SandboxEnding, type SandboxKind, runSandboxed } from './sandbox.ts';
import { type Workspace, temporaryName } from './workspace.ts';

export interface ManagerContext {
  sandbox: SandboxKind;
  workspace: Pick<Workspace, 'npmCache' | 'managers'>;
  /** URL of the package registry. */
  registry: string;
  /** Hosts that may be reached besides the registry's. */
  registryHosts: readonly string[];
  signal: AbortSignal;
}

/** A package manager that can be run. */
export interface Tool {
  kind: ManagerKind;
  version: string;
  /** Everything it consists of. */
  folder: string;
  /** Its program and the arguments before all others. */
  program: readonly string[];
}

const limits = {
  seconds: 600,
  outputBytes: 16_777_216,
  fileBytes: 1_073_741_824,
  memoryBytes: 4_294_967_296,
  processes: 64,
  diskBytes: 8_589_934_592,
};

/**
 * Runs a package manager in a folder of manifests, without scripts, with no settings but the reduced ones in there, and with
 * the operator's hosts as its network. Throws `registry_credentials` when the registry wants a login, and `unavailable` when
 * it cannot be reached.
 */
export async function runManager(
  tool: Tool,
  folder: string,
  flags: readonly string[],
  { sandbox, workspace, registry, registryHosts, signal }: ManagerContext,
): Promise<SandboxEnding> {
  const authority = process.env['NODE_EXTRA_CA_CERTS'];
  const authorityFile = authority === undefined || authority === '' ? undefined : await realpath(authority);
  // Yarn 4 writes every package uncompressed into TMPDIR first, which are more bytes than the sandbox's own has for a large app.
  const temporary = join(workspace.npmCache, temporaryName);
  await mkdir(temporary, { recursive: true });
  const settings = managerCommands[tool.kind].settings({ cache: workspace.npmCache, registry });
  const ending = await runSandboxed(
    sandbox,
    {
      command: [...tool.program, ...flags, ...settings.flags],
      folder,
      environment: {
        TMPDIR: temporary,
        ...settings.environment,
        ...(authorityFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: authorityFile }),
      },
      mounts: [
        { path: tool.folder, writable: false },
        ...(authorityFile === undefined ? [] : [{ path: authorityFile, writable: false }]),
        { path: workspace.npmCache, writable: true },
        { path: folder, writable: true },
      ],
      hosts: [new URL(registry).host, ...registryHosts],
      limits,
    },
    signal,
  );
  if (ending.ended === 'exit' && ending.exitCode !== 0) throwIfRegistry(tool.kind, ending, registry);
  return ending;
}

/** What is the registry's fault is not the project's; a host that nobody named is. */
function throwIfRegistry(kind: ManagerKind, ending: SandboxEnding, registry: string): void {
  if (ending.refusedHosts.length > 0) return;
  const { host } = new URL(registry);
  const login = managerCommands[kind].loginWanted.exec(ending.output)?.[0];
  if (login !== undefined)
    throw new GraftError(
      'registry_credentials',
      `${host} refuses to give a package (${login}): give the build worker a registry that does.`,
    );
  const outage = ending.unreachableHosts[0] ?? managerCommands[kind].notServed.exec(ending.output)?.[0];
  if (outage !== undefined)
    throw new GraftError('unavailable', `The package registry ${host} cannot be reached (${outage}).`);
}
