import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ending } from './supervise.ts';
import { type ToolContext, runTool } from './tools.ts';

const seconds = 900;

/** What Next.js gets: nothing that is told to anybody, and no repair of a lock file that is not its own. */
const environment = { NEXT_TELEMETRY_DISABLED: '1', NEXT_IGNORE_INCORRECT_LOCKFILE: '1' };

/** How often Google's fonts may come up: once for the server's modules, once for the browser's. */
const mostFontRuns = 2;

/**
 * Runs `next build`. It wants the style sheets of Google's fonts from the network, which is not there: they get a stand-in, and it
 * runs again. `folder` is for what the runs need beside the tree.
 */
export async function buildNext(
  next: string,
  { tree, appDir, folder, values }: { tree: string; appDir: string; folder: string; values: Record<string, string> },
  context: ToolContext,
): Promise<Ending> {
  const run = (more: Record<string, string>) =>
    runTool(
      {
        tree,
        appDir,
        command: [next, 'build'],
        environment: { ...values, ...environment, ...more, TMPDIR: context.workspace.buildCache },
        writable: [folder, context.workspace.buildCache],
        readOnly: [],
        seconds,
      },
      context,
    );
  const mock = join(folder, 'fonts.cjs');
  const fonts = new Set<string>();
  let ending = await run({});
  for (let count = 0; count < mostFontRuns && ending.exitCode !== 0; count += 1) {
    const asked = fontsIn(ending.output).filter((url) => !fonts.has(url));
    if (count === 0 ? !ending.output.includes('fonts.googleapis.com') : asked.length === 0) return ending;
    for (const url of asked) fonts.add(url);
    await writeFile(mock, printFonts([...fonts]));
    ending = await run({ NEXT_FONT_GOOGLE_MOCKED_RESPONSES: mock });
  }
  return ending;
}

/** Lets Next.js write the types of the app's routes, which git ignores and `tsc` needs; versions before 15.5 do it in a build only. */
export async function writeRouteTypes(next: string, tree: string, appDir: string, context: ToolContext): Promise<void> {
  const command = [next, 'typegen'];
  await runTool({ tree, appDir, command, environment, writable: [], readOnly: [], seconds }, context);
}

function fontsIn(output: string): string[] {
  return [...new Set(output.match(/https:\/\/fonts\.googleapis\.com\/css2?\?[^\s"'`)]+/g))];
}

/** Turbopack says which style sheets it wants and reads the module's own properties; webpack does not say, and asks for any. */
function printFonts(urls: readonly string[]): string {
  const sheet = "@font-face { font-family: 'stand-in'; font-style: normal; src: local('sans-serif'); }";
  const known = Object.fromEntries(urls.map((url) => [url, sheet]));
  return `const sheet = ${JSON.stringify(sheet)};
const known = ${JSON.stringify(known)};
const get = (all, name) => (String(name).startsWith('https://') ? sheet : all[name]);
module.exports = new Proxy(known, { get });
`;
}
