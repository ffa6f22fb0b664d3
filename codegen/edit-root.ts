import MagicString from 'magic-string';
import { readCodeStyle } from './code-style.ts';
import { findImport, insertImport, printImport, removeImport } from './edit-import.ts';
import { type Component } from './find-component.ts';
import type { Body } from './find-layout.ts';
import { type ParsedModule, countNames, parseModule } from './parse-module.ts';
import { providersComponent } from './providers-file.ts';
import { relativeSpecifier } from './specifiers.ts';
import { findElements, unwrapElement } from './unwrap-root.ts';
import { wrapBody } from './wrap-body.ts';
import { type Wrapped, wrapRoot } from './wrap-root.ts';

/** Which halves of our edit a root file has. */
export interface RootState {
  import: boolean;
  element: boolean;
}

/** Looks for the import of the aggregated component from `providers` (path from the app folder, no ending) and for its element. */
export function readRootState(module: ParsedModule, file: string, providers: string): RootState {
  const imported = findImport(module, file, providersComponent, providers);
  const name = imported?.local ?? providersComponent;
  return { import: imported !== undefined, element: findElements(module, name).length > 0 };
}

/** The lines a person pastes where the edit cannot be made. */
export function rootSnippet(file: string, providers: string, around: string, isTaken: boolean): string {
  const [name, local] = isTaken
    ? [`${providersComponent} as AppConnectors`, 'AppConnectors']
    : [providersComponent, providersComponent];
  return [
    `import { ${name} } from '${relativeSpecifier(file, providers)}';`,
    '',
    `// around ${around}:`,
    `<${local}>`,
    '  {/* … */}',
    `</${local}>`,
  ].join('\n');
}

export interface RootEdit {
  text: string;
  /** Text of the import that was added, null when it was there. */
  import: string | null;
  /** How the element was added, null when it was there. */
  wrapped: Wrapped | null;
}

/** Adds what is missing of import and element; gives a reason where that is not safe. */
export function installInRoot(
  module: ParsedModule,
  place: Component | Body,
  file: string,
  providers: string,
): RootEdit | { reason: string } {
  const state = readRootState(module, file, providers);
  const local = findImport(module, file, providersComponent, providers)?.local ?? providersComponent;
  if (isNameTaken(module, file, providers))
    return { reason: `the name ${providersComponent} is already used for something else` };
  const out = new MagicString(module.text);
  const wrap = () =>
    place.kind === 'body' ? wrapBody(module, place, local, out) : wrapRoot(module, place, local, out);
  const wrapped = state.element ? null : wrap();
  if (wrapped !== null && 'reason' in wrapped) return wrapped;
  const style = readCodeStyle(module);
  const line = state.import ? null : printImport(providersComponent, relativeSpecifier(file, providers), style);
  if (line !== null) insertImport(module, out, line, style);
  const text = out.toString();
  const result = parseModule(file, text);
  const after = 'fault' in result ? undefined : readRootState(result, file, providers);
  if (after === undefined || !after.import || !after.element) return { reason: 'the edited file would not parse' };
  return { text, import: line, wrapped };
}

/** Does the module use our name for something of its own? A tag alone is ours, whose import people lost. */
export function isNameTaken(module: ParsedModule, file: string, providers: string): boolean {
  const { import: imported, element } = readRootState(module, file, providers);
  const tags = element ? findElements(module, providersComponent).length * 2 : 0;
  return !imported && countNames(module, providersComponent) > tags;
}

export interface RootRemoval {
  text: string;
  /** Other uses of the import, which stays for them. */
  otherUses: number;
  /** Text of a tag that people changed. */
  changedTags: readonly string[];
}

/** Takes our element and import out by their meaning, wherever in the file people have moved them. */
export function removeFromRoot(
  module: ParsedModule,
  file: string,
  providers: string,
  { wrapped, keepImport }: { wrapped: Wrapped; keepImport: boolean },
): RootRemoval | { reason: string } {
  const changedTags: string[] = [];
  const local = findImport(module, file, providersComponent, providers)?.local;
  if (local === undefined) return { text: module.text, otherUses: 0, changedTags };
  let current = module;
  for (
    let found = findElements(current, local).at(-1);
    found !== undefined;
    found = findElements(current, local).at(-1)
  ) {
    const { openingElement } = found.element;
    if (openingElement.attributes.length > 0)
      changedTags.push(current.text.slice(openingElement.start, openingElement.end));
    const out = new MagicString(current.text);
    unwrapElement(current, found, wrapped, out);
    const next = parseModule(file, out.toString());
    if ('fault' in next) return { reason: 'the file would not parse without its wrapper' };
    current = next;
  }
  const imported = findImport(current, file, providersComponent, providers);
  if (imported === undefined || keepImport) return { text: current.text, otherUses: 0, changedTags };
  const otherUses = countNames(current, local, imported.statement);
  if (otherUses > 0) return { text: current.text, otherUses, changedTags };
  const out = new MagicString(current.text);
  removeImport(current, out, imported);
  return { text: out.toString(), otherUses: 0, changedTags };
}
