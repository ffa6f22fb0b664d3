import { parseArgs } from 'node:util';
import { checkPlan } from '../codegen/check-plan.ts';
import { plan as planEdits } from '../codegen/plan.ts';
import { readProject } from '../codegen/read-project.ts';
import type { PlanInput } from '../contract/codegen.ts';
import { GraftError, messageOf } from '../contract/errors.ts';
import { isAlias } from '../contract/ids.ts';
import { type PlanAsked, chooseConnectors } from './choose-connectors.ts';
import { type PlanReport, refusalReport, reportPlan } from './print-plan.ts';
import { findRecord } from '../codegen/records.ts';
import { readAppFolder } from './read-app-folder.ts';
import { readBundled } from './read-bundled.ts';
import { readOriginals } from './read-originals.ts';
import { writePlan } from './write-plan.ts';

const usage = `npm run -s plan -- <app folder> <connector>[,<connector>…] [--options '{…}'] [--alias a] [--remove] [--write] [--json]

Plans connectors into an app, or out of it, and prints the edits as a unified diff.
  --options  the connector's options as JSON; of several connectors by id: '{"stripe": {…}}'
  --alias    a further copy of a connector, by a short name in lower case
  --remove   plans them out of the app
  --write    writes the files; the lock file is left to the package manager
  --json     prints { status, planHash, files, manual, notes, nextSteps, error } instead; the status is planned, update (what
             is there already changes), nothing, manual or refused

Exit code: 0 planned or nothing to do, 2 something is left to a person, 1 refused.
`;

const json = process.argv.includes('--json');
const report = await run();
if (json) process.stdout.write(`${JSON.stringify(report.data, null, 2)}\n`);
else (report.data.status === 'refused' ? process.stderr : process.stdout).write(report.text);
process.exitCode = report.exitCode;

async function run(): Promise<PlanReport> {
  try {
    const asked = readArguments();
    if (asked === undefined) return { exitCode: 0, text: usage, data: { status: 'nothing', usage } };
    return await planFolder(asked);
  } catch (error) {
    return refusalReport(error);
  }
}

/** Plans, checks the plan, and writes its files when asked to. */
async function planFolder(asked: PlanAsked): Promise<PlanReport> {
  const app = readAppFolder(asked.folder);
  const { snapshot, appDir } = app;
  const facts = readProject(snapshot, appDir);
  const bundled = await readBundled(asked, snapshot, facts);
  const chosen = chooseConnectors(asked, snapshot, appDir, facts, bundled);
  const input: PlanInput = { snapshot, appDir, facts, ...chosen, originals: readOriginals(app, chosen.add) };
  const plan = planEdits(input);
  checkPlan({ snapshot, appDir, facts, plan, input });
  const folder = appDir === '' ? '' : `${appDir}/`;
  const files = plan.files.map((file) => ({ ...file, path: file.path.slice(folder.length) }));
  const manual = plan.manual.map((step) => ({ ...step, file: step.file.slice(folder.length) }));
  if (asked.write) writePlan(app.folder, files);
  const before = new Map(
    plan.files.flatMap(({ path }) => {
      const file = snapshot.get(path);
      return file === undefined ? [] : [[path.slice(folder.length), file]];
    }),
  );
  const isUpdate = input.add.length > 0 && input.add.every((one) => findRecord(snapshot, appDir, one) !== undefined);
  return reportPlan({ ...plan, files, manual }, { asked, before, facts, isUpdate, color: process.stdout.isTTY });
}

function readArguments(): PlanAsked | undefined {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parse(() =>
    parseArgs({
      allowPositionals: true,
      options: {
        options: { type: 'string' },
        alias: { type: 'string', default: '' },
        remove: flag,
        write: flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    }),
  );
  if (values.help) return undefined;
  const [folder, list, ...more] = positionals;
  if (folder === undefined || list === undefined || more.length > 0) {
    throw new GraftError('invalid_request', `Name an app folder and connectors.\n\n${usage}`);
  }
  const names = [...new Set(list.split(',').map((name) => name.trim()))];
  if (names.includes(''))
    throw new GraftError('invalid_request', `"${list}" names no connector between two commas. Write stripe,supabase.`);
  if (!isAlias(values.alias)) {
    throw new GraftError(
      'invalid_request',
      `"${values.alias}" is no alias. Use up to 20 small letters and digits that begin with a letter, such as second.`,
    );
  }
  const options = values.options === undefined ? undefined : readOptions(values.options);
  return { folder, names, alias: values.alias, options, remove: values.remove, write: values.write };
}

function readOptions(text: string): Record<string, unknown> {
  const value: unknown = parse(() => JSON.parse(text));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new GraftError('invalid_request', '--options is no JSON object. Write it as \'{"currency": "eur"}\'.');
}

/** What the reading throws, as a refusal. */
function parse<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new GraftError('invalid_request', `${messageOf(cause)}. See --help.`, { cause });
  }
}
