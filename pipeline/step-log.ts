import { stripVTControlCharacters } from 'node:util';

/** Bytes of a stored log; what is longer loses its middle. */
const logBytes = 524_288;

/** A log as it is stored: no terminal colours, no path of this machine's workspaces, of a bounded size. */
export function cleanLog(text: string, workspace: string): Uint8Array {
  const plain = stripVTControlCharacters(text).replaceAll(workspace, '').replaceAll('\0', '');
  const bytes = Buffer.from(plain);
  if (bytes.length <= logBytes) return bytes;
  const half = logBytes / 2;
  return Buffer.concat([bytes.subarray(0, half), Buffer.from('\n… left out …\n'), bytes.subarray(-half)]);
}
