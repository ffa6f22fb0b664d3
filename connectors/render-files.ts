import type { OwnedFile } from '../contract/connector.ts';
import { renderTemplate } from './render-template.ts';

/** A file of a connector's folder. */
export interface FolderFile<Flag extends string = string> {
  name: string;
  /** Where it is named otherwise than the file. */
  template?: string;
  purpose: string;
  /** The flag without which it is not there. */
  needs?: Flag;
}

/** Renders those of the files that the flags ask for; `textOf` gives a template's text. */
export function renderFiles(
  files: readonly FolderFile[],
  textOf: (template: string) => string,
  of: { folder: string; flags: Readonly<Record<string, boolean>>; replace: Readonly<Record<string, string>> },
): OwnedFile[] {
  return files
    .filter(({ needs }) => needs === undefined || of.flags[needs] === true)
    .map(({ name, purpose, template = name }) => ({
      path: `${of.folder}/${name}`,
      text: renderTemplate(textOf(template), of.flags, of.replace),
      purpose,
    }));
}
