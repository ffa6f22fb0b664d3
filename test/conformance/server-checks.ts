import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Contribution, Manifest } from '../../contract/connector.ts';
import type { CheckAnswer } from '../../pipeline/harness/serve-checks.ts';

const harness = fileURLToPath(new URL('../../pipeline/harness/serve-checks.ts', import.meta.url));

/** Writes a contribution's files to an empty folder and runs its server checks there as tier 3 does, but for the sandbox. */
export async function answersOf(
  manifest: Manifest,
  contribution: Contribution,
): Promise<(CheckAnswer & { name: string | undefined })[]> {
  const { serverChecks } = contribution;
  if (serverChecks.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'graft-server-checks-'));
  try {
    for (const file of contribution.files) {
      await mkdir(dirname(join(folder, file.path)), { recursive: true });
      await writeFile(join(folder, file.path), file.text);
    }
    const module = fileURLToPath(new URL(`../../connectors/${manifest.id}/simulator.ts`, import.meta.url));
    const order = { simulators: [{ module, hosts: manifest.hosts }], checks: serverChecks };
    const child = spawn(process.execPath, [harness, JSON.stringify(order)], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const line = output.split('\n').find((candidate) => candidate.startsWith('graft-answers '));
    if (line === undefined) throw new Error(`The server checks gave no answers:\n${errors}`);
    const answers = JSON.parse(line.slice('graft-answers '.length)) as CheckAnswer[];
    return answers.map((answer, index) => ({ name: serverChecks[index]?.name, ...answer }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
