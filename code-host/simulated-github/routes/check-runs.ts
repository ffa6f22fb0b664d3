import { emit } from '../events.ts';
import { typeOf } from '../git/objects.ts';
import { checkRunJson } from '../json/check-json.ts';
import { actorOf } from '../server/actor.ts';
import { object, oneOf, optionalText, text } from '../server/body.ts';
import { created, ok, repositoryRoute, type Json, type RepositoryCall, type Reply } from '../server/call.ts';
import { page } from '../server/pages.ts';
import { invalidRequest, notFound, Problem, validationFailed } from '../server/problem.ts';
import type { CheckRun } from '../state.ts';
import { newId, timeOf } from '../world.ts';
import { commitOfPath } from './commits.ts';

const longestText = 65_535;
const statuses = ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] as const;
const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
] as const;

export const checkRunRoutes = [
  repositoryRoute(
    'POST /check-runs',
    { docs: 'checks/runs#create-a-check-run', needs: { checks: 'write' } },
    createRun,
  ),
  repositoryRoute(
    'PATCH /check-runs/{check_run_id}',
    { docs: 'checks/runs#update-a-check-run', needs: { checks: 'write' } },
    updateRun,
  ),
  repositoryRoute(
    'GET /commits/{ref}/check-runs',
    { docs: 'checks/runs#list-check-runs-for-a-git-reference', needs: { checks: 'read' } },
    listRuns,
  ),
];

async function createRun(call: RepositoryCall): Promise<Reply> {
  const { world, repository, folder, body } = call;
  const app = onlyApp(call);
  const name = text(body, 'name');
  const headSha = text(body, 'head_sha');
  checkOutput(body);
  if ((await typeOf(folder, headSha)) !== 'commit') throw new Problem(422, `No commit found for SHA: ${headSha}`);
  const suite = repository.checkRuns.find((run) => run.headSha === headSha && run.app === app)?.suite;
  const run: CheckRun = {
    id: newId(world),
    suite: suite ?? newId(world),
    app,
    name,
    headSha,
    status: 'queued',
    conclusion: null,
    startedAt: timeOf(world),
    completedAt: null,
    detailsUrl: null,
    externalId: '',
    output: { title: null, summary: null, text: null },
  };
  change(call, run);
  repository.checkRuns.push(run);
  emitRun(call, run, 'created');
  return created(checkRunJson(world, repository, run));
}

function updateRun(call: RepositoryCall): Reply {
  const { world, repository, params } = call;
  const app = onlyApp(call);
  const run = repository.checkRuns.find((one) => one.id === Number(params['check_run_id']));
  if (run === undefined) throw notFound();
  // Only the app that made a check run may change it.
  if (run.app !== app)
    throw new Problem(
      403,
      'Invalid app_id `' + String(app) + '` - check run can only be modified by the GitHub App that created it.',
    );
  checkOutput(call.body);
  const before = run.status;
  change(call, run);
  if (before !== 'completed' && run.status === 'completed') emitRun(call, run, 'completed');
  return ok(checkRunJson(world, repository, run));
}

async function listRuns(call: RepositoryCall): Promise<Reply> {
  const { world, repository, query } = call;
  const sha = await commitOfPath(call, call.params['ref'] ?? '');
  const name = query.get('check_name');
  const app = query.get('app_id');
  const status = query.get('status');
  const found = repository.checkRuns
    .filter((run) => run.headSha === sha)
    .filter((run) => name === null || run.name === name)
    .filter((run) => app === null || run.app === Number(app))
    .filter((run) => status === null || run.status === status);
  // Of runs of one app by one name only the newest, unless all are asked for.
  const latest = new Map(found.map((run) => [`${run.app} ${run.name}`, run]));
  const shown = query.get('filter') === 'all' ? found : [...latest.values()];
  const { items, headers } = page(call, shown.reverse());
  const runs = items.map((run) => checkRunJson(world, repository, run));
  return ok({ total_count: shown.length, check_runs: runs }, headers);
}

function onlyApp({ identity }: RepositoryCall): number {
  if (identity.kind === 'installation') return identity.app.id;
  const finegrained = identity.kind === 'person' && identity.permissions !== null;
  throw new Problem(
    403,
    finegrained ? 'Resource not accessible by personal access token' : 'You must authenticate via a GitHub App.',
  );
}

function change({ world, body }: RepositoryCall, run: CheckRun): void {
  const status = oneOf(body, 'status', statuses);
  const conclusion = oneOf(body, 'conclusion', conclusions);
  const output = object(body, 'output');
  if (status === 'completed' && conclusion === undefined && run.conclusion === null) {
    throw invalidRequest('"conclusion" wasn\'t supplied.');
  }
  run.name = optionalText(body, 'name') ?? run.name;
  run.detailsUrl = optionalText(body, 'details_url') ?? run.detailsUrl;
  run.externalId = optionalText(body, 'external_id') ?? run.externalId;
  run.startedAt = optionalText(body, 'started_at') ?? run.startedAt;
  if (conclusion !== undefined || status === 'completed') {
    run.status = 'completed';
    run.conclusion = conclusion ?? run.conclusion;
    run.completedAt = optionalText(body, 'completed_at') ?? timeOf(world);
  } else if (status !== undefined) {
    Object.assign(run, { status, conclusion: null, completedAt: null });
  }
  if (output === undefined) return;
  run.output = {
    title: optionalText(output, 'title') ?? run.output.title,
    summary: text(output, 'summary'),
    text: optionalText(output, 'text') ?? null,
  };
}

// In characters where the request is read, in bytes where it is kept.
function checkOutput(body: Json): void {
  const output = object(body, 'output') ?? {};
  for (const field of ['summary', 'text']) {
    const value = optionalText(output, field) ?? '';
    if (value.length > longestText) {
      throw invalidRequest(`Only ${longestText} characters are allowed; ${value.length} were supplied.`);
    }
    if (Buffer.byteLength(value) > longestText) {
      const message = `${field} exceeds a maximum bytesize of ${longestText}`;
      throw validationFailed({ resource: 'CheckRun', code: 'custom', field, message });
    }
  }
}

function emitRun({ world, repository, identity }: RepositoryCall, run: CheckRun, action: string): void {
  emit(world, repository, 'check_run', action, { check_run: checkRunJson(world, repository, run) }, actorOf(identity));
}
