import { structuredPatch } from 'diff';
import type { PlannedFile, Snapshot } from '../contract/codegen.ts';
import { decodeText } from './draft.ts';

/** One planned file as a unified diff with git's headers, which `git apply` takes. */
export function fileDiff(snapshot: Snapshot, file: PlannedFile): string {
  const source = snapshot.get(file.path);
  const before = source === undefined ? '' : (decodeText(source) ?? '');
  const lines = [`diff --git a/${file.path} b/${file.path}`];
  if (file.change === 'add') lines.push(`new file mode ${file.mode}`);
  if (file.change === 'delete') lines.push(`deleted file mode ${file.mode}`);
  const { hunks } = structuredPatch(file.path, file.path, before, file.text ?? '', '', '', { context: 3 });
  if (hunks.length === 0) return `${lines.join('\n')}\n`;
  lines.push(file.change === 'add' ? '--- /dev/null' : `--- a/${file.path}`);
  lines.push(file.change === 'delete' ? '+++ /dev/null' : `+++ b/${file.path}`);
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`, ...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
}

/** All planned files as one unified diff. */
export function unifiedDiff(snapshot: Snapshot, files: readonly PlannedFile[]): string {
  return files.map((file) => fileDiff(snapshot, file)).join('');
}

/** A range without lines names the line before it. */
function range(start: number, lines: number): string {
  return lines === 0 ? `${start === 0 ? 0 : start - 1},0` : `${start},${lines}`;
}
