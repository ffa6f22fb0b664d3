import { addLabel, findLabel, labelIssue, unlabelIssue } from '../issues/label.ts';
import { labelJson, labelsJson } from '../json/issue-json.ts';
import { actorOf } from '../server/actor.ts';
import { nullableText, optionalText, text, texts } from '../server/body.ts';
import { created, ok, repositoryRoute, type RepositoryCall, type Reply } from '../server/call.ts';
import { notFound, Problem, validationFailed } from '../server/problem.ts';
import { issueOf, readsIssues, writesIssues } from './issues.ts';

export const labelRoutes = [
  repositoryRoute(
    'POST /issues/{issue_number}/labels',
    { docs: 'issues/labels#add-labels-to-an-issue', needs: writesIssues, role: 'triage' },
    addLabels,
  ),
  repositoryRoute(
    'DELETE /issues/{issue_number}/labels/{name}',
    { docs: 'issues/labels#remove-a-label-from-an-issue', needs: writesIssues, role: 'triage' },
    removeLabel,
  ),
  repositoryRoute('GET /labels/{name}', { docs: 'issues/labels#get-a-label', needs: readsIssues }, getLabel),
  repositoryRoute('PATCH /labels/{name}', { docs: 'issues/labels#update-a-label', needs: writesIssues }, updateLabel),
  repositoryRoute('POST /labels', { docs: 'issues/labels#create-a-label', needs: writesIssues }, createLabel),
];

async function addLabels(call: RepositoryCall): Promise<Reply> {
  const { world, repository, body, identity } = call;
  const issue = issueOf(call, writesIssues);
  const names = texts(body, 'labels') ?? [];
  if (names.some((name) => name.trim() === '')) {
    throw validationFailed({ resource: 'Label', code: 'missing_field', field: 'name' });
  }
  await labelIssue(world, repository, issue, names, actorOf(identity));
  return ok(labelsJson(world, repository, issue));
}

async function removeLabel(call: RepositoryCall): Promise<Reply> {
  const { world, repository, params, identity } = call;
  const issue = issueOf(call, writesIssues);
  const label = findLabel(repository, params['name'] ?? '');
  if (label === undefined || !issue.labels.includes(label.name)) throw new Problem(404, 'Label does not exist');
  await unlabelIssue(world, repository, issue, label, actorOf(identity));
  return ok(labelsJson(world, repository, issue));
}

function getLabel({ world, repository, params }: RepositoryCall): Reply {
  const label = findLabel(repository, params['name'] ?? '');
  if (label === undefined) throw notFound();
  return ok(labelJson(world, repository, label));
}

function updateLabel({ world, repository, params, body }: RepositoryCall): Reply {
  const label = findLabel(repository, params['name'] ?? '');
  if (label === undefined) throw notFound();
  const color = optionalText(body, 'color');
  const description = nullableText(body, 'description');
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    throw validationFailed({ resource: 'Label', code: 'invalid', field: 'color' });
  }
  if (color !== undefined) label.color = color;
  if (description !== undefined) label.description = description;
  return ok(labelJson(world, repository, label));
}

function createLabel({ world, repository, body }: RepositoryCall): Reply {
  const name = text(body, 'name');
  const color = optionalText(body, 'color');
  const description = nullableText(body, 'description') ?? null;
  if (findLabel(repository, name)) throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    throw validationFailed({ resource: 'Label', code: 'invalid', field: 'color' });
  }
  if ((description ?? '').length > 100) {
    const message = 'description is too long (maximum is 100 characters)';
    throw validationFailed({ resource: 'Label', code: 'custom', field: 'description', message });
  }
  return created(labelJson(world, repository, addLabel(world, repository, { name, color, description })));
}
