import type { RootShape } from './generated-roots.ts';

/** What an edit has to know of how a root file is written. */
export type EditedShape = Pick<RootShape, 'indent' | 'eol' | 'imports'> & { returns: string };

/** What people change in files, the root file under the name `root`. */
type FileEdits = Record<string, (text: string, shape: EditedShape) => string>;

/** Changes that mean the same in an app with connectors and without. */
export const peopleEdits: Readonly<Record<string, FileEdits>> = {
  'far away': { root: (text) => text.replace('#fff', '#000') },
  'after the last import': {
    root: (text, { eol, imports }) =>
      imports === 0
        ? text
        : text.replace(/(?<=^|\n)(\uFEFF?import [^\n;]*;?\r?\n)(?!import)/, `$1import more from './more'${eol}`),
  },
  'before the first import': {
    root: (text, { eol, imports }) =>
      imports === 0 ? text : text.replace(/(?<=^|\n)(\uFEFF?)import /, `$1import more from './more'${eol}import `),
  },
  'imports in order': { root: sortImports },
  'inside the tree': { root: (text) => text.replace('>Hello<', '>Good bye<') },
  'a line more in the tree': {
    root: (text, { returns }) =>
      ['one line', 'ternary', 'logical', 'comment on the line'].includes(returns)
        ? text
        : text.replace(/^([ \t]*)<Text>Hello<\/Text>(\r?\n)/m, '$1<Text>Hello</Text>$2$1<Text>More</Text>$2'),
  },
  'indented anew': {
    root: (text, { indent }) =>
      text.replaceAll(/^[ \t]+/gm, (space) =>
        space.length % indent.length === 0 ? space.replaceAll(indent, '   ') : space,
      ),
  },
  'other line ends': { root: (text) => text.replaceAll(/\r?\n/g, '\r\n') },
  'app.json formatted': { 'app.json': (text) => JSON.stringify(JSON.parse(text), null, 4) },
  'app.json with more': {
    'app.json': (text) => text.replace('"slug": "blank",', '"slug": "blank",\n    "scheme": "blank",'),
  },
  'package.json with more': {
    'package.json': (text) =>
      text
        .replace('"expo": ', '"expo-camera": "1.0.0",\n    "expo": ')
        .replace('"next": ', '"motion": "1.0.0",\n    "next": '),
  },
  'package.json formatted': { 'package.json': (text) => `${JSON.stringify(JSON.parse(text), null, '\t')}\n` },
  'a value of their own': { '.env.example': (text) => `${text.replace(/[^\n]$/, '$&\n')}THEIRS=1\n` },
  'something ignored': { '.gitignore': (text) => `dist/\n${text}` },
};

function sortImports(text: string): string {
  const lines = text.split('\n');
  const isImport = (line: string) => /^\uFEFF?import .*from/.test(line) && !line.startsWith('\uFEFF');
  const sorted = lines.filter(isImport).toSorted();
  return lines.map((line) => (isImport(line) ? (sorted.shift() ?? '') : line)).join('\n');
}
