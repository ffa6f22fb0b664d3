import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Generated files in a new folder, beside stand-ins for packages that Node cannot load and links to those it can. */
export async function writeApp(
  files: readonly { path: string; text: string }[],
  { standIns, links }: { standIns: Readonly<Record<string, string>>; links: readonly string[] },
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-written-app-'));
  const all = [
    ...files,
    ...Object.entries(standIns).map(([module, text]) => ({ path: `node_modules/${module}.js`, text })),
    { path: 'package.json', text: '{"type":"module"}' },
    { path: 'tsconfig.json', text: '{"compilerOptions":{"jsx":"react-jsx"}}' },
  ];
  for (const { path, text } of all) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const name of links) await symlink(join(modules, name), join(folder, 'node_modules', name));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
