import fc from 'fast-check';

/** How a generated root file is written. */
export interface RootShape {
  indent: '  ' | '    ' | '\t';
  eol: '\n' | '\r\n';
  quote: "'" | '"';
  end: ';' | '';
  mark: boolean;
  comments: boolean;
  export: (typeof exportForms)[number];
  returns: (typeof returnForms)[number];
  early: 'none' | 'null' | 'tree';
  imports: 0 | 1 | 3;
  finalNewline: boolean;
}

const exportForms = [
  'declaration',
  'named function',
  'anonymous function',
  'anonymous arrow',
  'arrow',
  'function expression',
  'memo of name',
  'memo in place',
  'memo constant',
  'wrap and type',
  'list',
  'class',
  'class property',
  'registered',
] as const;
const returnForms = [
  'parentheses',
  'one line',
  'lines without parentheses',
  'parentheses on the line',
  'ternary',
  'ternary over lines',
  'logical',
  'fragment',
  'comment in parentheses',
  'comment on the line',
  'column zero',
  'blank lines',
  'texts over lines',
] as const;

/** Shapes of root files that are really met: every way to export, to return and to write. */
export const rootShape: fc.Arbitrary<RootShape> = fc.record({
  indent: fc.constantFrom('  ', '    ', '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  quote: fc.constantFrom("'", '"'),
  end: fc.constantFrom(';', ''),
  mark: fc.boolean(),
  comments: fc.boolean(),
  export: fc.constantFrom(...exportForms),
  returns: fc.constantFrom(...returnForms),
  early: fc.constantFrom('none', 'null', 'tree'),
  imports: fc.constantFrom(0, 1, 3),
  finalNewline: fc.boolean(),
});

/** The text of a root file of this shape. */
export function printRoot(shape: RootShape): string {
  const { quote, end, comments } = shape;
  const lines = [
    ...(comments ? ['/** The root of the app. */', '// import { Nothing } from nowhere'] : []),
    ...imports(shape),
    '',
    ...component(shape),
    '',
    `const styles = { container: { color: ${quote}#fff${quote} } }${end}`,
  ];
  const text = lines.map((line) => line.replaceAll('~', shape.indent)).join(shape.eol);
  return (shape.mark ? '\uFEFF' : '') + text + (shape.finalNewline ? shape.eol : '');
}

function imports({ imports: count, quote, end }: RootShape): string[] {
  const all = [
    `import { memo } from ${quote}react${quote}${end}`,
    `import * as Sentry from ${quote}@sentry/react-native${quote}${end}`,
    `import { Component, Text, View, registerRootComponent } from ${quote}./ui${quote}${end}`,
  ];
  return all.slice(0, count);
}

function component(shape: RootShape): string[] {
  const { end, comments } = shape;
  const hooks = [`~const ready = useReady()${end}`, ...early(shape)];
  const body = (by: string) =>
    [...hooks, ...(comments ? ['~// the tree'] : []), ...returned(shape)].map((line) => line.replace(/^~/, by));
  switch (shape.export) {
    case 'declaration':
      return ['export default function App() {', ...body('~'), '}'];
    case 'named function':
      return ['function App() {', ...body('~'), '}', '', `export default App${end}`];
    case 'anonymous function':
      return ['export default function () {', ...body('~'), '}'];
    case 'anonymous arrow':
      return ['export default () => {', ...body('~'), `}${end}`];
    case 'arrow':
      return ['const App = () => {', ...body('~'), `}${end}`, '', `export default App${end}`];
    case 'function expression':
      return ['const App = function () {', ...body('~'), `}${end}`, '', `export default App${end}`];
    case 'memo of name':
      return ['function App() {', ...body('~'), '}', '', `export default memo(App)${end}`];
    case 'memo in place':
      return ['export default memo(function App() {', ...body('~'), `})${end}`];
    case 'memo constant':
      return ['const App = memo(() => {', ...body('~'), `})${end}`, '', `export default App${end}`];
    case 'wrap and type':
      return [
        'function App() {',
        ...body('~'),
        '}',
        '',
        `export default Sentry.wrap(App, { on: true }) as unknown as typeof App${end}`,
      ];
    case 'list':
      return ['function App() {', ...body('~'), '}', '', `export { App as default }${end}`];
    case 'class':
      return ['export default class App extends Component {', '~render() {', ...body('~~'), '~}', '}'];
    case 'class property':
      return [
        'class App extends Component {',
        '~render = () => {',
        ...body('~~'),
        `~}${end}`,
        '}',
        `export default App${end}`,
      ];
    case 'registered':
      return ['function App() {', ...body('~'), '}', '', `registerRootComponent(App)${end}`];
  }
}

function early({ early: kind, end, comments }: RootShape): string[] {
  if (kind === 'none') return [];
  const value = kind === 'null' ? 'null' : '<Text>Loading</Text>';
  return [`~if (!ready) {`, ...(comments ? ['~~// not yet'] : []), `~~return ${value}${end}`, '~}'];
}

function returned({ returns, end }: RootShape): string[] {
  const tree = ['<View style={styles.container}>', '~<Text>Hello</Text>', '~{/* more */}', '</View>'];
  const inside = (by: string) => tree.map((line) => by + line);
  switch (returns) {
    case 'parentheses':
      return ['~return (', ...inside('~~'), `~)${end}`];
    case 'one line':
      return [`~return <Text>Hello</Text>${end}`];
    case 'lines without parentheses':
      return ['~return <View>', '~~<Text>Hello</Text>', `~</View>${end}`];
    case 'parentheses on the line':
      return ['~return (<View>', '~~<Text>Hello</Text>', `~</View>)${end}`];
    case 'ternary':
      return [`~return ready ? <Text>Hello</Text> : <Text>Wait</Text>${end}`];
    case 'ternary over lines':
      return ['~return ready ? (', ...inside('~~'), '~) : (', '~~<Text>Wait</Text>', `~)${end}`];
    case 'logical':
      return [`~return ready && <Text>Hello</Text>${end}`];
    case 'fragment':
      return ['~return (', '~~<>', '~~~<Text>Hello</Text>', '~~</>', `~)${end}`];
    case 'comment in parentheses':
      return ['~return (', '~~// the tree', ...inside('~~'), '~~// its end', `~)${end}`];
    case 'comment on the line':
      return [`~return ( /* a */ <Text>Hello</Text> /* b */ )${end} // c`];
    case 'column zero':
      return ['~return (', '<View>', '<Text>Hello</Text>', '</View>', `~)${end}`];
    case 'blank lines':
      return ['~return (', '', '~~<View>', '', '~~~<Text>Hello</Text>', '   ', '~~</View>', '', `~)${end}`];
    case 'texts over lines':
      return [
        '~return (',
        '~~<View',
        '~~~label="first',
        ' second"',
        '~~>',
        '~~~<Text>{`one',
        'two',
        '  ${styles}`}</Text>',
        '~~</View>',
        `~)${end}`,
      ];
  }
}
