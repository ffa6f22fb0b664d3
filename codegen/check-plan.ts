import { parse as parseEnvironment } from 'dotenv';
import type { Plan, PlanInput, ProjectFacts, Snapshot } from '../contract/codegen.ts';
import { GraftError } from '../contract/errors.ts';
import { codeName } from '../contract/ids.ts';
import { applyPlan } from './apply.ts';
import { checkInstalled } from './check-installed.ts';
import { decodeText } from './draft.ts';
import { parseJson } from './edit-json.ts';
import { parseModule } from './parse-module.ts';
import { plan as planEdits } from './plan.ts';
import { readRecords, sharedRecord } from './records.ts';

export interface CheckPlanInput {
  snapshot: Snapshot;
  appDir: string;
  facts: ProjectFacts;
  plan: Plan;
  input: PlanInput;
  /** Values that may stand nowhere in what the plan adds. */
  secrets?: readonly string[];
}

/**
 * The pure checks of a plan: it applies, what it touches parses, its post-conditions hold but for what is left to people, planning again
 * changes nothing, undoing it gives the base byte for byte, and no secret is in it. Throws `validation_failed` naming the check.
 */
export function checkPlan(check: CheckPlanInput): void {
  const result = applyPlan(check.snapshot, check.plan);
  checkParses(check);
  checkPostConditions(check, result);
  checkIdempotence(check, result);
  checkRoundTrip(check, result);
  checkSecrets(check);
}

function checkParses({ plan, snapshot }: CheckPlanInput): void {
  for (const { path, text } of plan.files) {
    if (text === null) continue;
    if (/\.[cm]?[jt]sx?$/.test(path)) {
      const module = parseModule(path, text);
      if ('fault' in module) fail('parse', `${path}: ${module.fault}`);
    }
    if (path.endsWith('.json') && parseJson(text.replace(/^\uFEFF/, '')) === undefined)
      fail('parse', `${path} is not JSON`);
    if (path.endsWith('.env.example')) checkEnvironment(path, text, snapshot);
  }
}

/** Names of the app's own keys and their values are as before. */
function checkEnvironment(path: string, text: string, snapshot: Snapshot): void {
  const file = snapshot.get(path);
  const before = parseEnvironment(file === undefined ? '' : (decodeText(file) ?? ''));
  const after = parseEnvironment(text);
  const changed = Object.keys(before).find((key) => key in after && after[key] !== before[key]);
  if (changed !== undefined) fail('parse', `${path} would change the value of ${changed}`);
}

function checkPostConditions({ plan, input, appDir, facts }: CheckPlanInput, result: Snapshot): void {
  const leftToPeople = new Set(plan.manual.map(({ file }) => file));
  for (const { connector, alias } of input.add) {
    const finding = checkInstalled(result, appDir, connector, alias).find(
      ({ kind, file }) => kind === 'missing' && !leftToPeople.has(file),
    );
    if (finding !== undefined) fail('post-conditions', `${finding.file}: ${finding.what}`);
  }
  const names = new Set(readRecords(result, appDir).map((record) => codeName(record.connector, record.alias)));
  const left = input.remove.find(({ connector, alias }) => names.has(codeName(connector, alias)));
  if (left !== undefined)
    fail('post-conditions', `${codeName(left.connector, left.alias)} is still recorded in a ${facts.framework} app`);
}

function checkIdempotence({ input }: CheckPlanInput, result: Snapshot): void {
  const again = planEdits({ ...input, snapshot: result });
  const [first] = again.files;
  if (first !== undefined) fail('idempotence', `planning again would ${first.change} ${first.path}`);
}

/**
 * Only what a plan brought anew can be undone without asking a connector again. Where the base already differed from its own records, the
 * plan may have mended it for the newcomer, and those files are left out.
 */
function checkRoundTrip({ snapshot, appDir, input }: CheckPlanInput, result: Snapshot): void {
  const records = readRecords(snapshot, appDir);
  const before = new Set(records.map((record) => codeName(record.connector, record.alias)));
  const brought = input.add.filter(({ connector, alias }) => !before.has(codeName(connector, alias)));
  if (brought.length === 0 || brought.length < input.add.length || input.remove.length > 0) return;
  const undone = applyPlan(result, planEdits({ ...input, snapshot: result, add: [], remove: brought }));
  const findings = records.flatMap((record) => checkInstalled(snapshot, appDir, record.connector, record.alias));
  const aside = new Set(findings.map(({ file }) => file));
  if (aside.size > 0) aside.add(appDir === '' ? sharedRecord : `${appDir}/${sharedRecord}`);
  const path = findDifference(snapshot, undone, aside);
  if (path !== undefined) fail('round trip', `removal would not give ${path} back as it was`);
}

function findDifference(a: Snapshot, b: Snapshot, aside: ReadonlySet<string>): string | undefined {
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [x, y] = [a.get(path), b.get(path)];
    if (x === y || aside.has(path)) continue;
    if (x === undefined || y === undefined || x.mode !== y.mode || !Buffer.from(x.bytes).equals(y.bytes)) return path;
  }
  return undefined;
}

const secretShapes = [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/];

function checkSecrets({ plan, snapshot, secrets = [] }: CheckPlanInput): void {
  for (const { path, text } of plan.files) {
    if (text === null) continue;
    const file = snapshot.get(path);
    const before = file === undefined ? '' : (decodeText(file) ?? '');
    const added = text
      .split('\n')
      .filter((line) => !before.includes(line))
      .join('\n');
    const found =
      secrets.some((value) => value !== '' && added.includes(value)) || secretShapes.some((shape) => shape.test(added));
    if (found) fail('secret scan', `${path} would hold a secret`);
  }
}

function fail(check: string, what: string): never {
  throw new GraftError('validation_failed', `The plan failed its check of ${check}: ${what}.`, { details: { check } });
}
