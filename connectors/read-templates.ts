import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Reads all templates of a connector at once; gives a function that answers with the text of one, named by its path below `folder`. */
export function readTemplates(folder: URL): (template: string) => string {
  const root = fileURLToPath(folder);
  const texts = new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(root, path).replaceAll(sep, '/'), readFileSync(path, 'utf8')] as const),
  );
  return (template) => {
    const text = texts.get(template);
    if (text === undefined) throw new Error(`There is no template ${template}.`);
    return text;
  };
}
