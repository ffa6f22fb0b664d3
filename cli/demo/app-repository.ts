import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Expo's own templates of SDK 57, pinned: with `App.tsx`, with `App.js`, and with expo-router. */
export const templates = {
  blank: 'expo-template-blank-typescript@57.0.28',
  javascript: 'expo-template-blank@57.0.28',
  router: 'expo-template-default@57.0.28',
} as const;
const npmCli = join(dirname(createRequire(import.meta.url).resolve('npm/package.json')), 'bin/npm-cli.js');

/** Unpacks Expo's own template from the registry into a bare repository, which is made if there is none, with a lock file. */
export async function createAppRepository(
  repository: string,
  name: string,
  template: string = templates.blank,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'graft-demo-app-'));
  try {
    const app = await unpackTemplate(scratch, name, template);
    await npm(app, ['install', '--package-lock-only', '--ignore-scripts']);
    // One that is there already stays as it is made.
    await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
    await run('git', ['init', '--quiet', '--initial-branch=main', app]);
    const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@localhost', '-c', 'core.autocrlf=false'];
    await run('git', [...author, 'add', '--all'], { cwd: app });
    await run('git', [...author, 'commit', '--quiet', '--message', 'The app, fresh from the template'], { cwd: app });
    await run('git', ['push', '--quiet', repository, 'main'], { cwd: app });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Object id of a revision in a repository. */
export async function revision(repository: string, name: string): Promise<string> {
  const { stdout } = await run('git', ['--git-dir', repository, 'rev-parse', name]);
  return stdout.trim();
}

/** All branches of a repository. */
export async function branches(repository: string): Promise<string[]> {
  const { stdout } = await run('git', [
    '--git-dir',
    repository,
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads',
  ]);
  return stdout.split('\n').filter(Boolean);
}

/** Unpacks one of Expo's templates from the registry into a folder inside `scratch`, and names the app; gives that folder. */
export async function unpackTemplate(scratch: string, name: string, template: string): Promise<string> {
  const packed = await npm(scratch, ['pack', template, '--json', '--pack-destination', scratch]);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const app = join(scratch, 'app');
  await mkdir(app);
  await run('tar', [
    '--extract',
    '--gzip',
    '--strip-components=1',
    '--file',
    join(scratch, filename),
    '--directory',
    app,
  ]);
  // npm leaves no .gitignore in a package, so templates carry it without the dot.
  await rename(join(app, 'gitignore'), join(app, '.gitignore'));
  const manifest = await readFile(join(app, 'package.json'), 'utf8');
  await writeFile(join(app, 'package.json'), manifest.replace(/"name": "[^"]*"/, `"name": "${name}"`));
  return app;
}

// A person's own npm settings may change what a lock file holds, so they do not count here.
async function npm(folder: string, parameters: readonly string[]): Promise<string> {
  const none = join(folder, '.no-npm-settings');
  const own = [
    `--userconfig=${none}/user`,
    `--globalconfig=${none}/global`,
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { stdout } = await run(process.execPath, [npmCli, ...parameters, ...own], {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
