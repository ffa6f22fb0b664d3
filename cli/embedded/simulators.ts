import type { Manifest, Simulator } from '../../contract/connector.ts';
import { connectors } from '../../connectors/index.ts';

export interface Simulators {
  /** Connector → origin of its simulator; connectors whose real keys are in the environment have none. */
  urls: Readonly<Record<string, string>>;
  /** Entry of a manifest's `hosts` → origin that stands in for it. */
  hosts: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts, in this process, the simulator of every connector whose real credentials are not in `environment`. */
export async function startSimulators(environment: Readonly<Record<string, string | undefined>>): Promise<Simulators> {
  const started: Simulator[] = [];
  const urls: Record<string, string> = {};
  const hosts: Record<string, string> = {};
  for (const [id, connector] of connectors) {
    if (realCredentials(connector.manifest, environment) !== undefined) continue;
    const start = await connector.loadSimulator();
    const simulator = await start();
    started.push(simulator);
    urls[id] = simulator.url;
    for (const host of connector.manifest.hosts) hosts[host] = simulator.url;
  }
  return { urls, hosts, stop: async () => void (await Promise.all(started.map((simulator) => simulator.close()))) };
}

/**
 * A connector's credentials by field name, from variables named like the app's keys but without the framework's public
 * prefix; undefined when a required one is missing.
 */
export function realCredentials(
  manifest: Manifest,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const field of manifest.credentialFields) {
    const value = environment[field.environmentKey.replace(/^(EXPO|NEXT)_PUBLIC_/, '')];
    if (value !== undefined && value !== '') found[field.name] = value;
    else if (field.required) return undefined;
  }
  return found;
}
