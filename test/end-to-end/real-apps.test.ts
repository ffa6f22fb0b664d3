import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeText } from '../../codegen/draft.ts';
import type { Snapshot } from '../../contract/codegen.ts';
import { pipelineSteps } from '../../contract/pipeline.ts';
import { workingSandboxes } from '../../pipeline/sample-app.ts';
import { type Carried, carryApp } from '../harness/carry-app.ts';
import { managersFolder } from '../harness/package-managers.ts';
import { realApps } from '../harness/real-apps.ts';

const minutes = 60_000;
const sample = ['Expo with App.js, Bun', 'Next.js with the pages router and ESLint, Yarn 4'];
/** `npm run test:apps` sets it to a part of names, empty for all. */
const only = process.env['GRAFT_APPS']?.toLowerCase();
const names = only === undefined ? sample : [...realApps.keys()].filter((name) => name.toLowerCase().includes(only));
if (names.length === 0) throw new Error(`No app has "${only}" in its name:\n${[...realApps.keys()].join('\n')}`);

const [sandbox = 'none'] = await workingSandboxes();
const downloads = realpathSync(mkdtempSync(join(tmpdir(), 'graft-downloads-')));
afterAll(() => rmSync(downloads, { recursive: true, force: true }));

/** The verdict of every step, as the app has what it is about. */
function expectedOf({ facts, before }: Carried, leg: 'install' | 'removal'): string[][] {
  const isThere = {
    dependencies: true,
    types: facts.language === 'typescript',
    lint: [...before.keys()].some((path) => path.includes('eslint.config.')),
    build: true,
    versions: facts.framework === 'expo',
    server: leg === 'install',
  };
  return pipelineSteps.map((step) => [step, isThere[step] ? 'passed' : 'skipped', '']);
}

/** Texts, and of other files their bytes, by path in order. */
function contentOf(snapshot: Snapshot): Record<string, string> {
  const content = [...snapshot].map(([path, file]) => {
    return [path, decodeText(file) ?? Buffer.from(file.bytes).toString('base64')];
  });
  return Object.fromEntries(content.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

describe('a real app takes every connector for it at once, and gives them back byte for byte', () => {
  it.for(names)('%s', { timeout: 20 * minutes }, async (name, { signal }) => {
    const app = realApps.get(name) ?? expect.fail();
    const carried = await carryApp(app, { managers: await managersFolder(), downloads, sandbox }, signal);
    const { facts, before, install, removal } = carried;
    expect(facts.packageManager).toBe(app.manager);
    expect(install.plan.manual).toEqual([]);
    expect.soft(install.steps).toEqual(expectedOf(carried, 'install'));
    expect.soft(removal.steps).toEqual(expectedOf(carried, 'removal'));
    expect(install.report.lock).toBeDefined();
    expect(install.report.lockRoundTrip).toBe(true);
    expect(contentOf(removal.after)).toEqual(contentOf(before));
  });
});
