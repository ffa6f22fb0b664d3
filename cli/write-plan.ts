import { lstatSync, mkdirSync, readdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlannedFile } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';

/** Writes planned files, whose paths are relative to `folder`; folders that a deletion leaves empty go too. Throws `cannot_edit` before anything is written when a link, or a folder or file of that name, is in the way. */
export function writePlan(folder: string, files: readonly PlannedFile[]): void {
  for (const { path } of files) refuseObstacles(folder, path);
  for (const { path, text } of files) {
    const target = join(folder, path);
    if (text !== null) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      continue;
    }
    rmSync(target);
    for (let above = dirname(target); above !== folder && readdirSync(above).length === 0; above = dirname(above))
      rmdirSync(above);
  }
}

function refuseObstacles(folder: string, path: string): void {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const part = join(folder, ...parts.slice(0, length));
    const there = lstatSync(part, { throwIfNoEntry: false });
    if (there === undefined) return;
    const wanted = length === parts.length ? 'file' : 'folder';
    if (wanted === 'file' ? there.isFile() : there.isDirectory()) continue;
    const is = there.isSymbolicLink() ? 'a symbolic link' : `no ${wanted}`;
    throw new GraftError('cannot_edit', `${part} is ${is}, so nothing was written. Put a ${wanted} in its place.`);
  }
}
