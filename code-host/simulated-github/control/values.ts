import type { Repository, Sealed, Vault } from '../state.ts';
import { newVault } from '../vault.ts';
import { newId, timeOf, type World } from '../world.ts';
import { repositoryNamed } from './repositories.ts';

/** Adds a deployment environment to a repository; content when it is there. */
export async function createEnvironment(world: World, fullName: string, name: string): Promise<void> {
  const repository = repositoryNamed(world, fullName);
  if (repository.environments.some((one) => one.name === name)) return;
  repository.environments.push({ id: newId(world), name, createdAt: timeOf(world), vault: await newVault(world) });
}

/** Secrets in the clear, of the repository or of one environment: what a workflow run would see. */
export function secretsOf(world: World, fullName: string, environment?: string): Record<string, string> {
  return values(vaultNamed(repositoryNamed(world, fullName), environment).secrets);
}

/** Variables of the repository or of one environment. */
export function variablesOf(world: World, fullName: string, environment?: string): Record<string, string> {
  return values(vaultNamed(repositoryNamed(world, fullName), environment).variables);
}

function vaultNamed(repository: Repository, environment: string | undefined): Vault {
  if (environment === undefined) return repository.vault;
  const found = repository.environments.find((one) => one.name === environment);
  if (found === undefined) throw new Error(`The simulated GitHub has no environment ${environment}.`);
  return found.vault;
}

function values(sealed: Readonly<Record<string, Sealed>>): Record<string, string> {
  return Object.fromEntries(Object.entries(sealed).map(([name, { value }]) => [name, value]));
}
