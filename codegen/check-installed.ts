import type { Finding, Snapshot } from '../contract/codegen.ts';
import { codeName } from '../contract/ids.ts';
import { blobId } from './blob.ts';
import { type Draft, openDraft } from './draft.ts';
import { isKeyChanged, namesKey } from './edit-environment.ts';
import { parseJson } from './edit-json.ts';
import { readRootState } from './edit-root.ts';
import { readPlugin } from './edit-plugins.ts';
import { findPluginsFile, namesElsewhere } from './find-plugins-file.ts';
import { findRoot } from './find-root.ts';
import { parseModule } from './parse-module.ts';
import { ownFiles } from './plan-files.ts';
import { findPackage, wantedRanges } from './plan-packages.ts';
import { printProviders, providersAnchor, providersComponent, providersPath } from './providers-file.ts';
import { readProject } from './read-project.ts';
import { type OwnershipRecord, readRecords, readSharedOperations, recordPath } from './records.ts';
import { withoutEnding } from './specifiers.ts';

/** What of an installed connector is missing from a snapshot, or was changed by people; empty when all is as it was written. */
export function checkInstalled(
  snapshot: Snapshot,
  appDir: string,
  connector: string,
  alias: string,
): readonly Finding[] {
  const draft = openDraft(snapshot, appDir);
  const records = readRecords(snapshot, appDir);
  const record = records.find((one) => codeName(one.connector, one.alias) === codeName(connector, alias));
  const findings =
    record === undefined
      ? [missing(recordPath({ connector, alias }), 'the ownership record is not there')]
      : [
          ...checkFiles(draft, record),
          ...checkPackages(draft, record, records),
          ...checkPlugins(draft, record),
          ...checkKeys(draft, record),
          ...(record.wants.provider === null ? [] : checkRoot(snapshot, appDir, draft, records, record.wants.provider)),
        ];
  return appDir === '' ? findings : findings.map((finding) => ({ ...finding, file: `${appDir}/${finding.file}` }));
}

function checkFiles(draft: Draft, record: OwnershipRecord): Finding[] {
  return ownFiles(record).flatMap(({ file, hash }) => {
    const text = textOf(draft, file);
    if (text === undefined) return [missing(file, 'the file is not there')];
    return blobId(text) === hash ? [] : [changed(file, 'the file was changed by people')];
  });
}

function checkPackages(draft: Draft, record: OwnershipRecord, records: readonly OwnershipRecord[]): Finding[] {
  const document = parseJson(textOf(draft, 'package.json') ?? '');
  const ranges = wantedRanges(records);
  return record.wants.packages.flatMap(({ name }) => {
    const range = ranges.get(name);
    const present = document === undefined ? undefined : findPackage(document, name);
    if (present === undefined) return [missing('package.json', `${name} is not among the packages`)];
    return present.range === range ? [] : [changed('package.json', `${name} is set to ${present.range}, not ${range}`)];
  });
}

function checkPlugins(draft: Draft, record: OwnershipRecord): Finding[] {
  const { configPlugins } = record.wants;
  if (configPlugins.length === 0) return [];
  const place = findPluginsFile(draft);
  const { file } = place;
  const text = textOf(draft, file) ?? '';
  const document = place.kind === 'editable' ? place.parse(text) : undefined;
  return configPlugins.flatMap(({ name }) => {
    const inList = document !== undefined && readPlugin(document, name) !== undefined;
    const listed = inList || namesElsewhere(document, text, name);
    return listed ? [] : [missing(file, `the config plugin ${name} is not listed`)];
  });
}

/** A name that is not in `.env.example` breaks nothing, so it never counts as missing. */
function checkKeys(draft: Draft, record: OwnershipRecord): Finding[] {
  const file = '.env.example';
  const text = textOf(draft, file) ?? '';
  return record.environmentKeys.flatMap((key) => {
    if (!namesKey(text, key.key)) return [changed(file, `${key.key} is no longer named`)];
    const ours = record.operations.some((operation) => operation.anchor === key.key && operation.state === 'written');
    return ours && isKeyChanged(text, key) ? [changed(file, `the lines of ${key.key} were changed by people`)] : [];
  });
}

function checkRoot(
  snapshot: Snapshot,
  appDir: string,
  draft: Draft,
  records: readonly OwnershipRecord[],
  provider: { component: string; module: string },
): Finding[] {
  const facts = readProject(snapshot, appDir);
  const operation = readSharedOperations(snapshot, appDir).find(({ anchor }) => anchor === providersAnchor);
  const path = operation?.file ?? providersPath(facts);
  const findings: Finding[] = [];
  const providers = textOf(draft, path);
  if (providers === undefined || !providers.includes(provider.component)) {
    findings.push(missing(path, `${provider.component} is not among the wrappers`));
  } else if (providers !== printProviders(records, path, facts))
    findings.push(changed(path, 'the file was changed by people'));
  const { file } = findRoot(draft, facts);
  const module = parseModule(file, textOf(draft, file) ?? '');
  const state = 'fault' in module ? undefined : readRootState(module, file, withoutEnding(path));
  if (state?.import !== true) findings.push(missing(file, `${providersComponent} is not imported`));
  if (state?.element !== true) findings.push(missing(file, `<${providersComponent}> is not around the app`));
  return findings;
}

function textOf(draft: Draft, file: string): string | undefined {
  return draft.problem(file) === undefined ? draft.read(file) : undefined;
}

function missing(file: string, what: string): Finding {
  return { kind: 'missing', file, what };
}

function changed(file: string, what: string): Finding {
  return { kind: 'changed', file, what };
}
