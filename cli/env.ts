import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse as parseValues } from 'dotenv';
import { type Environment, environments } from '../contract/closed-sets.ts';
import { GraftError } from '../contract/errors.ts';
import { isId } from '../contract/ids.ts';
import { closeDatabase, connectDatabase } from '../db/connect.ts';
import { getProject } from '../db/queries/projects.ts';
import { listProjectNames } from '../db/queries/published-values.ts';
import { findDatabaseUrl } from './database-url.ts';
import { defaultStateDir } from './embedded/state.ts';
import { runCommand } from './run-command.ts';

const usage = 'Usage: npm run -s env -- pull <project> <environment> [--to <folder of the app>]';
const fileName = '.env.local';
const begin = '# From "env pull"; what stands between these two lines is written again by each pull.';
const end = '# End of what "env pull" wrote.';

/**
 * Writes what the local code host published for a project and environment into the app's git-ignored `.env.local`; for a
 * project at GitHub, which gives no value back, it lists the names.
 */
async function env(): Promise<number> {
  const { project, environment, folder } = parseArguments();
  const root = process.env['GRAFT_VALUES'] || join(defaultStateDir, 'values');
  const published = join(root, project, `${environment}.env`);
  const atGithub = existsSync(published) ? undefined : await readNamesAtGithub(project, environment);
  if (atGithub !== undefined) {
    process.stdout.write(atGithub);
    return 0;
  }
  refuseUnlessIgnored(folder);
  const values = existsSync(published) ? readFileSync(published, 'utf8') : '';
  const file = join(folder, fileName);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  replaceFile(file, withBlock(before, values));
  const names = Object.keys(parseValues(values));
  process.stdout.write(
    names.length === 0
      ? `Nothing is published for ${project} in ${environment}; ${file} has no values of ours.\n`
      : `${file} has ${names.join(', ')} now. Restart the app's bundler with a cleared cache to see them.\n`,
  );
  return 0;
}

/** What to say of a project at GitHub; undefined for any other, and where no database is at hand. */
async function readNamesAtGithub(project: string, environment: Environment): Promise<string | undefined> {
  const url = findDatabaseUrl();
  if (url === undefined) return undefined;
  const database = connectDatabase(url, { connections: 1 });
  try {
    const { codeHost, repository } = await getProject(database, project);
    if (codeHost !== 'github') return undefined;
    const names = await listProjectNames(database, project, environment);
    return names.length === 0
      ? `Nothing is published for ${repository} in ${environment}.\n`
      : `GitHub does not give values back. In ${environment} of ${repository} these names have one:\n` +
          `${names.map((name) => `  ${name}\n`).join('')}Write your own values into ${fileName} by hand.\n`;
  } finally {
    await closeDatabase(database);
  }
}

function parseArguments(): { project: string; environment: Environment; folder: string } {
  const { positionals, values } = parseOrExplain();
  const [command, project = '', given = '', ...more] = positionals;
  if (command !== 'pull' || more.length > 0) throw new GraftError('invalid_request', usage);
  if (!isId('project', project))
    throw new GraftError('invalid_request', `"${project}" is no project id (prj_…). ${usage}`);
  const environment = environments.find((known) => known === given);
  if (environment === undefined) {
    throw new GraftError('invalid_request', `"${given}" is no environment: choose ${environments.join(', ')}.`);
  }
  // npm runs scripts in our folder and keeps the caller's in INIT_CWD.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  return { project, environment, folder: resolve(from, values.to ?? '.') };
}

function parseOrExplain() {
  try {
    return parseArgs({ allowPositionals: true, options: { to: { type: 'string' } } });
  } catch (cause) {
    throw new GraftError('invalid_request', usage, { cause });
  }
}

/** Secrets go only where git cannot take them along. */
function refuseUnlessIgnored(folder: string): void {
  const { status, error, stderr } = spawnSync('git', ['check-ignore', '--quiet', fileName], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const why =
    error !== undefined
      ? `git could not be run in ${folder}: is it there?`
      : status === 1
        ? `git does not ignore ${join(folder, fileName)}. Add ${fileName} to the app's .gitignore (and take it out of git if it is tracked).`
        : `${folder} is in no git repository (${stderr.trim()}). Name the app's folder with --to.`;
  throw new GraftError('invalid_request', `Nothing was written: ${why}`);
}

/** The text with our block replaced, at the end, so that it wins over the same names above; without values, without it. */
function withBlock(before: string, values: string): string {
  const from = before.indexOf(begin);
  const to = before.indexOf(end, from);
  const rest = from < 0 || to < 0 ? before : before.slice(0, from) + before.slice(to + end.length).replace(/^\n/, '');
  if (values.trim() === '') return rest;
  const separator = rest === '' || rest.endsWith('\n') ? '' : '\n';
  return `${rest}${separator}${begin}\n${values.trimEnd()}\n${end}\n`;
}

function replaceFile(file: string, text: string): void {
  if (text === '') return rmSync(file, { force: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  renameSync(draft, file);
}

await runCommand(env);
