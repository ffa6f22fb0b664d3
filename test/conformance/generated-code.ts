import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Contribution } from '../../contract/connector.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

type Generated = Pick<Contribution, 'files'>;

/** Type-checks what was generated, each by itself, under the settings of the templates and more; fails with what `tsc` says. */
export async function expectTypeChecks(
  all: readonly Generated[],
  more: { compilerOptions?: Readonly<Record<string, boolean>>; files?: readonly string[] } = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-generated-types-'));
  try {
    for (const [index, { files }] of all.entries()) {
      for (const { path, text } of files) {
        await mkdir(dirname(join(folder, `${index}`, path)), { recursive: true });
        await writeFile(join(folder, `${index}`, path), text);
      }
    }
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const settings = {
      extends: join(root, 'connectors/tsconfig.json'),
      include: ['*/**/*'],
      exclude: ['node_modules'],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, ...more }));
    const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' });
    expect(`${tsc.stdout}${tsc.stderr}`).toBe('');
    expect(tsc.status).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What was generated reads as if an app's own formatter had been over it, at a width of 100 with single quotes. */
export async function expectFormatted(all: readonly Generated[]): Promise<void> {
  const { format } = await import('oxfmt');
  const texts = new Map(all.flatMap(({ files }) => files).map((file) => [`${file.path}\0${file.text}`, file]));
  for (const { path, text } of texts.values()) {
    const { code } = await format(path, text, { printWidth: 100, singleQuote: true });
    expect(text, path).toBe(code);
  }
}

/** Those that have a file, or one that it imports, which no earlier one has in this form. */
export function firstOfEachForm<Each extends Generated>(all: readonly Each[]): Each[] {
  const seen = new Set<string>();
  return all.filter(({ files }) => {
    const texts = new Map(files.map(({ path, text }) => [path.replace(/\.tsx?$/, ''), text]));
    const forms = [...texts].map(([path, text]) => {
      const imports = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, to = '']) => posix.join(posix.dirname(path), to));
      return [text, ...imports.map((to) => texts.get(to) ?? expect.fail(`${path} imports ${to}`))].join('\0');
    });
    const isNew = forms.some((form) => !seen.has(form));
    for (const form of forms) seen.add(form);
    return isNew;
  });
}
