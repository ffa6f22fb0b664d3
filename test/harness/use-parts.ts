import { posix } from 'node:path';
import type { PlannedFile, Snapshot } from '../../contract/codegen.ts';

/** Screens and hooks that people use; providers wrap the app by themselves, and `.web` files stand in for others. */
const part = /(?:^|\/)connectors\/([\w-]+)\/(?:(?!\1-provider)[\w-]+\.[jt]sx|use-[\w-]+\.[jt]s)$/;
const firstFile = /^(?:(?:src\/)?app\/index\.[jt]sx?|index\.[jt]s)$/;

/** What a person writes in an Expo app after a plan: its first file uses each screen and hook that came. Texts by path. */
export function useParts(app: Snapshot, appDir: string, planned: readonly PlannedFile[]): Map<string, string> {
  const paths = [...app.keys()].map((path) => posix.relative(appDir, path));
  // Where there is expo-router, its first page, and the file that `main` names elsewhere.
  const [home = ''] = paths.filter((path) => firstFile.test(path)).toSorted((a, b) => b.length - a.length);
  const module = `${home.startsWith('src/') ? 'src/' : ''}parts.${/\.jsx?$/.test(home) ? 'jsx' : 'tsx'}`;
  const parts = planned.map(({ path }) => posix.relative(appDir, path)).filter((path) => part.test(path));
  const names = parts.map((path, index) => `import * as part${index} from '${leading(module, path)}';\n`);
  const all = parts.map((_, index) => `...part${index}`).join(', ');
  const text = `${names.join('')}
export function Parts() {
  return <>{Object.keys({ ${all} }).join(' ')}</>;
}
`;
  return new Map([
    [posix.join(appDir, module), text],
    [posix.join(appDir, home), withParts()],
  ]);

  function withParts(): string {
    const from = `from '${leading(home, module)}';\n`;
    if (!/^index\.[jt]s$/.test(home)) return `export { Parts as default } ${from}`;
    const before = Buffer.from(app.get(posix.join(appDir, home))?.bytes ?? []).toString('utf8');
    return `import { Parts } ${from}${before}\nParts();\n`;
  }
}

function leading(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.[jt]sx?$/, '');
  return path.startsWith('.') ? path : `./${path}`;
}
