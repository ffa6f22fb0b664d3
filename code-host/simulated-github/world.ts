import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { absent } from '../absent.ts';
import type { Account, App, Repository, State } from './state.ts';

/** Everything the simulator knows besides what is in the bare repositories. */
export interface World {
  readonly root: string;
  readonly now: () => Date;
  readonly limits: Limits;
  /** Origin under which the simulator answers, known once it listens. */
  origin: string;
  state: State;
  /** Writes the state beside the repositories. */
  save(): Promise<void>;
  /** Runs work on one repository after all earlier work on it. */
  exclusive<T>(repository: Repository, work: () => Promise<T>): Promise<T>;
}

export interface Limits {
  /** Entries of a recursive tree before it is cut off, and files of a comparison. */
  treeEntries: number;
  comparedFiles: number;
}

/** GitHub's own limits. */
export const githubLimits: Limits = { treeEntries: 100_000, comparedFiles: 300 };

/** Opens the folder of a simulator: what an earlier one left there is found again. */
export async function openWorld(root: string, now: () => Date, limits: Limits): Promise<World> {
  await mkdir(root, { recursive: true });
  const file = path.join(root, 'github.json');
  const kept = await readFile(file, 'utf8').catch(absent);
  const state = kept === undefined ? emptyState() : (JSON.parse(kept) as State);
  const turns = new Map<number, Promise<unknown>>();
  let writing: Promise<void> = Promise.resolve();
  const world: World = {
    root,
    now,
    limits,
    origin: '',
    state,
    save() {
      const write = async () => {
        await writeFile(`${file}.new`, JSON.stringify(world.state));
        await rename(`${file}.new`, file);
      };
      writing = writing.then(write, write);
      return writing;
    },
    async exclusive(repository, work) {
      const turn = (turns.get(repository.id) ?? Promise.resolve()).then(work, work);
      turns.set(repository.id, turn);
      return await turn;
    },
  };
  return world;
}

/** The folder of a repository's bare git repository. */
export function folderOf(world: World, repository: Repository): string {
  return path.join(world.root, repository.owner, `${repository.name}.git`);
}

/** A number that nothing else in this world has. */
export function newId(world: World): number {
  return world.state.nextId++;
}

/** The time as GitHub writes it: seconds, UTC. */
export function timeOf(world: World): string {
  return world
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
}

/** An account by its login, letter case aside. */
export function findAccount(world: World, login: string): Account | undefined {
  const wanted = login.toLowerCase();
  return [...world.state.accounts, ...world.state.apps.map((app) => app.bot)].find(
    (account) => account.login.toLowerCase() === wanted,
  );
}

/** An account that must be there, because the state names it. */
export function accountOf(world: World, login: string): Account {
  const account = findAccount(world, login);
  if (account === undefined) throw new Error(`The simulated GitHub has no account ${login}.`);
  return account;
}

/** A repository by owner and name, letter case aside. */
export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  const wanted = `${owner}/${name}`.toLowerCase();
  return world.state.repositories.find((one) => `${one.owner}/${one.name}`.toLowerCase() === wanted);
}

/** An app that must be there, because the state names it. */
export function appOf(world: World, id: number): App {
  const app = world.state.apps.find((one) => one.id === id);
  if (app === undefined) throw new Error(`The simulated GitHub has no app ${id}.`);
  return app;
}

function emptyState(): State {
  return {
    nextId: 1001,
    signingKey: randomBytes(32).toString('hex'),
    accounts: [],
    apps: [],
    installations: [],
    tokens: [],
    repositories: [],
    webhook: null,
    deliveries: [],
  };
}
