import { constants } from 'node:fs';
import { chmod, mkdir, open, readFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { environments } from '../../contract/closed-sets.ts';
import type { ValuePublisher } from '../../contract/code-host.ts';
import { GraftError } from '../../contract/errors.ts';
import { checkName, readEnvText, writeEnvText } from './env-text.ts';
import { withFileLock } from './file-lock.ts';
import { absent } from '../absent.ts';

type Values = Record<string, string>;

const prefix = 'local:';

/**
 * Publishes to `<root>/<project>/<environment>.env`, outside every repository and readable by its owner only. Other
 * names in the file stay; a file or folder with nothing in it goes. Throws `invalid_request` for what is no name.
 */
export function createLocalValues(root: string): ValuePublisher {
  return {
    async placeOf({ project, environment }) {
      const place = `${prefix}${project}/${environment}`;
      fileOf(root, place);
      return place;
    },
    async list(place) {
      return Object.keys(await readValues(fileOf(root, place))).sort();
    },
    async publish(place, values) {
      Object.keys(values).forEach(checkName);
      const written = Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));
      await change(fileOf(root, place), (before) => ({ ...before, ...written }));
    },
    async unpublish(place, names) {
      names.forEach(checkName);
      await change(fileOf(root, place), (before) =>
        Object.fromEntries(Object.entries(before).filter(([name]) => !names.includes(name))),
      );
    },
  };
}

function fileOf(root: string, place: string): string {
  const [project = '', environment = '', ...more] = place.slice(prefix.length).split('/');
  if (!place.startsWith(prefix) || more.length > 0) throw refused('place', place);
  if (!/^[A-Za-z0-9][\w-]{0,99}$/.test(project)) throw refused('project', project);
  if (!(environments as readonly string[]).includes(environment)) throw refused('environment', environment);
  return path.join(root, project, `${environment}.env`);
}

async function readValues(file: string): Promise<Values> {
  const text = await readFile(file, { encoding: 'utf8', flag: constants.O_RDONLY | constants.O_NOFOLLOW }).catch(
    absent,
  );
  return readEnvText(text ?? '');
}

async function change(file: string, edit: (before: Values) => Values): Promise<void> {
  const folder = path.dirname(file);
  const lock = `${folder}.lock`;
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o700 });
  await withFileLock(lock, async (checkHeld) => {
    const before = await readValues(file);
    const after = edit(before);
    const text = writeEnvText(after);
    if (text === writeEnvText(before)) return;
    await removeLeftovers(folder);
    if (text === '') {
      await checkHeld();
      await rm(file, { force: true });
      if ((await readdir(folder)).length === 0) await rmdir(folder);
      return;
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const written = await writeBeside(file, text);
    await checkHeld();
    await rename(written, file);
  });
}

async function writeBeside(file: string, text: string): Promise<string> {
  const beside = `${file}.new`;
  const handle = await open(beside, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return beside;
}

/** A process that died while it wrote leaves values behind. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    if (name.endsWith('.env.new')) await rm(path.join(folder, name), { force: true });
  }
}

function refused(field: string, value: string): GraftError {
  return new GraftError('invalid_request', `${JSON.stringify(value.slice(0, 100))} is no ${field} that has values.`, {
    fields: [{ field, fix: `Give the ${field} as the project has it.` }],
  });
}
