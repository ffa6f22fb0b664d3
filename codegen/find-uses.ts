import type { Planning } from './planning.ts';
import { providersAnchor } from './providers-file.ts';
import { meansModule, withoutEnding } from './specifiers.ts';

const source = /\.[cm]?[jt]sx?$/;
const specifiers = /(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** The app's source files that import a package, connectors' own files aside. */
export function findUses(planning: Planning, name: string): string[] {
  return search(planning, [name], (_, specifier) => specifier === name || specifier.startsWith(`${name}/`));
}

/** The app's source files that import one of these modules of ours (paths without ending), connectors' own files aside. */
export function findImporters(planning: Planning, modules: readonly string[]): string[] {
  const names = modules.map(
    (module) =>
      module
        .replace(/\/index$/, '')
        .split('/')
        .at(-1) ?? '',
  );
  return search(planning, names, (path, specifier) => modules.some((module) => meansModule(path, specifier, module)));
}

/** Paths of the source files without their ending. */
export function modulesOf(files: readonly string[]): string[] {
  return files.filter((file) => source.test(file)).map(withoutEnding);
}

function search(
  planning: Planning,
  names: readonly string[],
  matches: (path: string, specifier: string) => boolean,
): string[] {
  return sourcesNaming(planning, names).filter((path) =>
    [...(planning.draft.read(path) ?? '').matchAll(specifiers)].some((match) => matches(path, match[2] ?? '')),
  );
}

/** The app's source files whose text holds one of these names, connectors' own files aside. */
export function sourcesNaming(planning: Planning, names: readonly string[]): string[] {
  const { draft, current, target, shared } = planning;
  const records = [...current, ...target];
  const ours = new Set(records.flatMap((record) => record.operations.map(({ file }) => file)));
  for (const { file, anchor } of shared.all()) if (anchor === providersAnchor) ours.add(file);
  return draft.paths().filter((path) => {
    if (!source.test(path) || ours.has(path) || /(?:^|\/)node_modules\//.test(path)) return false;
    if (draft.problem(path) !== undefined) return false;
    const text = draft.read(path) ?? '';
    return names.some((name) => text.includes(name));
  });
}
