import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, fillCache } from '../../cli/embedded/cache.ts';

const run = promisify(execFile);
const npmCli = join(dirname(createRequire(import.meta.url).resolve('npm/package.json')), 'bin/npm-cli.js');
const published = '@octokit/openapi@23.0.2';
const integrity = 'pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==';
const entry = 'github-openapi-23.0.2.json';

export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

interface Content {
  [type: string]: { schema?: Schema };
}

export interface Operation {
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { content?: Content } | { $ref: string }>;
}

/** GitHub's published description of its REST API, as far as it is read here. */
export interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> } & Record<string, Record<string, unknown>>;
}

let reading: Promise<Description> | undefined;

/** Reads the description, fetched once per machine: its package is half a gigabyte unpacked, so it is no dependency. */
export function githubDescription(): Promise<Description> {
  return (reading ??= read());
}

async function read(): Promise<Description> {
  const file = join(cacheFolder(), entry);
  if (!existsSync(file)) {
    await fillCache(
      entry,
      () => undefined,
      async () => {
        if (!existsSync(file)) await download(file);
      },
    );
  }
  return JSON.parse(await readFile(file, 'utf8')) as Description;
}

async function download(file: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'graft-github-openapi-'));
  try {
    const options = ['--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', scratch];
    const { stdout } = await run(process.execPath, [npmCli, 'pack', published, ...options], { cwd: scratch });
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
    const packed = join(scratch, filename);
    const found = createHash('sha512')
      .update(await readFile(packed))
      .digest('base64');
    if (found !== integrity)
      throw new Error(`${published} is not the package that was pinned: its sha512 is ${found}.`);
    const member = 'package/generated/api.github.com.json';
    await run('tar', ['--extract', '--gzip', '--file', packed, '--directory', scratch, member]);
    // Beside the target first, so that a half-written file is never found.
    await run('cp', [join(scratch, member), `${file}.new`]);
    await rename(`${file}.new`, file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
