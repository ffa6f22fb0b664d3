import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plan } from '../../codegen/plan.ts';
import { readProject } from '../../codegen/read-project.ts';
import { connectors } from '../../connectors/index.ts';
import type { Snapshot, SourceFile } from '../../contract/codegen.ts';
import { editWithTsMorph } from './edit-with-ts-morph.ts';

const limits = { milliseconds: 25, shareOfTsMorph: 0.1, manyFiles: 3, heapGrowth: 0.05 };
const rounds = { warmUp: 20, planning: 200, tsMorphWarmUp: 2, tsMorph: 9, memory: 1000 };
const files = ['.gitignore', 'App.tsx', 'app.json', 'index.ts', 'package.json', 'tsconfig.json'];

const template = new Map(files.map((file) => [file, readTemplate(file)]));
const texts = new Map([...template].map(([file, bytes]) => [file, bytes.toString()]));
const screens = new Map([...Array(2000).keys()].map((index) => [`src/screens/screen-${index}.tsx`, screen(index)]));

/** Everything from the files of the base commit to the plan: facts, contributions, edits, records, hash. */
function planAll(more: ReadonlyMap<string, Uint8Array>, remember: Set<string>): void {
  const snapshot: Snapshot = new Map(
    [...template, ...more].map(([path, bytes]) => [path, countReads(path, bytes, remember)]),
  );
  const facts = readProject(snapshot, '');
  const add = [...connectors.values()].map((connector) => {
    const { id, version, options: schema } = connector.manifest;
    const options = schema.parse({});
    return {
      connector: id,
      alias: '',
      version,
      options,
      contribution: connector.contribute({ app: facts, alias: '', options }),
    };
  });
  const { files: planned } = plan({ snapshot, appDir: '', facts, add, remove: [] });
  expectEdited(new Map(planned.map(({ path, text }) => [path, text ?? ''])));
}

/** A file that remembers that it was read. */
function countReads(path: string, bytes: Uint8Array, remember: Set<string>): SourceFile {
  return {
    mode: '100644',
    get bytes() {
      remember.add(path);
      return bytes;
    },
  };
}

/** A side that did not make the edit would have an easy win. */
function expectEdited(edited: ReadonlyMap<string, string>): void {
  const complete =
    edited.get('App.tsx')?.includes('</ConnectorProviders>') &&
    edited.get('package.json')?.includes('@stripe/stripe-react-native') &&
    edited.get('app.json')?.includes('@stripe/stripe-react-native');
  if (!complete) throw new Error('An edit is incomplete, so its time means nothing.');
}

function readTemplate(file: string): Buffer {
  return readFileSync(join(import.meta.dirname, '../golden/blank-template/input', file));
}

/** A screen of some two kilobytes. */
function screen(index: number): Buffer {
  const rows = Array.from(
    { length: 30 },
    (_, row) => `      <Text style={styles.row}>Row ${row} of screen ${index}</Text>`,
  );
  return Buffer.from(
    `import { Text, View } from 'react-native';\n\nexport function Screen${index}() {\n  return (\n    <View>\n${rows.join('\n')}\n    </View>\n  );\n}\n`,
  );
}

/** Median of the milliseconds that a call takes. */
function measure(call: () => void, count: number): number {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN;
}

/** Megabytes in use once everything that can go is gone. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  for (let round = 0; round < 3; round += 1) runInNewContext('gc()');
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const none = new Map<string, Uint8Array>();
const read = new Set<string>();
const planSmall = () => planAll(none, new Set());
const planLarge = () => planAll(screens, read);
const tsMorphEdit = () => expectEdited(editWithTsMorph(texts));

measure(planSmall, rounds.warmUp);
measure(planLarge, rounds.warmUp);
measure(tsMorphEdit, rounds.tsMorphWarmUp);
const small = measure(planSmall, rounds.planning);
const large = measure(planLarge, rounds.planning);
const tsMorph = measure(tsMorphEdit, rounds.tsMorph);
measure(planSmall, rounds.memory / 10);
const before = heapInUse();
measure(planSmall, rounds.memory);
const after = heapInUse();

const names = [...connectors.keys()].join(', ');
const screensRead = [...read].filter((path) => screens.has(path)).length;
const figures: readonly [string, number, number][] = [
  [`Planning ${names} into the blank template, ms, median of ${rounds.planning}`, small, limits.milliseconds],
  [
    `The same beside the edit of three files with ts-morph (${tsMorph.toFixed(1)} ms)`,
    small / tsMorph,
    limits.shareOfTsMorph,
  ],
  [`The same with ${screens.size} source files more (${large.toFixed(2)} ms), times`, large / small, limits.manyFiles],
  [`Of these files read`, screensRead, 0],
  [
    `Heap after ${rounds.memory} plans (${before.toFixed(1)} to ${after.toFixed(1)} MB), growth`,
    after / before - 1,
    limits.heapGrowth,
  ],
];
for (const [what, figure, limit] of figures)
  console.log(`${figure <= limit ? '✓' : '✗'} ${what}: ${figure.toFixed(3)} (at most ${limit})`);
process.exitCode = figures.every(([, figure, limit]) => figure <= limit) ? 0 : 1;
