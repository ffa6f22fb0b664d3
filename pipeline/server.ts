import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerCheck } from '../contract/connector.ts';
import type { PipelineInput } from '../contract/pipeline.ts';
import { GraftError } from '../contract/errors.ts';
import type { CheckAnswer } from './harness/serve-checks.ts';
import type { Outcome } from './outcome.ts';
import { type ToolContext, howItEnded, logOf, runTool } from './tools.ts';

const harness = dirname(fileURLToPath(new URL('./harness/serve-checks.ts', import.meta.url)));
const seconds = 120;

/**
 * Tier 3: each generated server module answers its request in Node, the provider's hosts led to its simulator, which runs
 * in the same sandbox. `simulators` has the path of each connector's simulator module.
 */
export async function checkServer(
  tree: string,
  input: Pick<PipelineInput, 'appDir' | 'serverChecks' | 'simulators'>,
  simulators: ReadonlyMap<string, string>,
  context: ToolContext,
): Promise<Outcome> {
  if (input.serverChecks.length === 0)
    return { verdict: 'skipped', summary: 'no server module is generated for this app', log: '' };
  const needed = input.simulators.map(({ connector, hosts }) => ({ module: moduleOf(connector, simulators), hosts }));
  const folders = await Promise.all(needed.map(({ module }) => realpath(dirname(module))));
  const ending = await runTool(
    {
      tree,
      appDir: input.appDir,
      command: [`${harness}/serve-checks.ts`, JSON.stringify({ simulators: needed, checks: input.serverChecks })],
      environment: {},
      writable: [],
      readOnly: [harness, ...new Set(folders)],
      seconds,
    },
    context,
  );
  const log = logOf('node, each generated server module against the simulator', ending);
  const answers = answersIn(ending.output);
  if (answers === undefined) return { verdict: 'failed', summary: `server modules: ${howItEnded(ending)}`, log };
  const faults = input.serverChecks.flatMap((check, index) => faultOf(check, answers[index]));
  const count = `${input.serverChecks.length - faults.length} of ${input.serverChecks.length} server checks passed`;
  if (faults.length === 0) return { verdict: 'passed', summary: `${count} against the simulator`, log };
  return { verdict: 'failed', summary: `${count}: ${faults[0]}`, log: `${log}\n${faults.join('\n')}\n` };
}

function moduleOf(connector: string, simulators: ReadonlyMap<string, string>): string {
  const module = simulators.get(connector);
  if (module === undefined) throw new GraftError('internal', `The build worker knows no simulator of ${connector}.`);
  return module;
}

function answersIn(output: string): readonly CheckAnswer[] | undefined {
  const line = output.split('\n').findLast((candidate) => candidate.startsWith('graft-answers '));
  return line === undefined ? undefined : (JSON.parse(line.slice('graft-answers '.length)) as readonly CheckAnswer[]);
}

function faultOf(check: ServerCheck, answer: CheckAnswer | undefined): string[] {
  if (answer === undefined) return [`${check.name}: no answer`];
  if (answer.error !== undefined) return [`${check.name}: ${answer.error}`];
  if (answer.status !== check.expect.status)
    return [`${check.name}: status ${answer.status} instead of ${check.expect.status}`];
  for (const [key, pattern] of Object.entries(check.expect.body)) {
    const value = answer.body?.[key];
    if (value === undefined || !new RegExp(pattern).test(String(value)))
      return [`${check.name}: ${key} in the answer does not match ${pattern}`];
  }
  return [];
}
