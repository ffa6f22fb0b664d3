import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each room, with an import of each other room that it may have; every import that is not here is refused. */
const allowed: Record<string, readonly string[]> = {
  contract: [],
  workflows: ['contract/x.ts'],
  activities: [
    'contract',
    'connectors',
    'codegen',
    'pipeline',
    'vault',
    'code-host',
    'db',
    'artifacts',
    'temporal',
  ].map((room) => `${room}/x.ts`),
  connectors: ['contract/x.ts'],
  codegen: ['contract/x.ts'],
  pipeline: ['contract/x.ts'],
  vault: ['contract/x.ts'],
  'code-host': ['contract/x.ts'],
  db: ['contract/x.ts'],
  artifacts: ['contract/x.ts'],
  temporal: ['contract/x.ts'],
  api: ['contract/x.ts', 'temporal/x.ts', 'db/x.ts', 'artifacts/x.ts', 'vault/seal.ts', 'connectors/index.ts'],
  cli: [
    ...['contract', 'connectors', 'codegen', 'temporal', 'db', 'vault', 'artifacts'].map((room) => `${room}/x.ts`),
    'code-host/local/index.ts',
    'code-host/local/review.ts',
  ],
};
const rooms = [...Object.keys(allowed), 'test', 'web'];
const targets = [
  ...rooms.map((room) => `${room}/x.ts`),
  ...['vault/seal.ts', 'connectors/index.ts', 'code-host/local/index.ts', 'code-host/local/review.ts'],
];

const files: Record<string, string> = {
  'workflows/process.ts': 'export const home = process.env;',
  'workflows/node.ts': "import { hash } from 'node:crypto';\nexport const made = hash;",
  'workflows/zod.ts': "import { z } from 'zod';\nexport const made = z;",
  'workflows/zod-type.ts': "import type { z } from 'zod';\nexport type Made = z.ZodType;",
  'workflows/sdk.ts': "import { sleep } from '@temporalio/workflow';\nexport const made = sleep;",
  'contract/zod.ts': "import { z } from 'zod';\nexport const made = z;",
  'contract/zod-type.ts': "import type { z } from 'zod';\nexport type Made = z.ZodType;",
  'codegen/read.ts': "import { readFile } from 'node:fs/promises';\nexport const made = readFile;",
  'codegen/hash.ts': "import { createHash } from 'node:crypto';\nexport const made = createHash;",
  'connectors/one/other.ts': "import { made } from '../two/index.ts';\nexport const again = made;",
  'connectors/one/registry.ts': "import { made } from '../index.ts';\nexport const again = made;",
  'connectors/one/shared.ts': "import { made } from '../render-template.ts';\nexport const again = made;",
  'connectors/one/vault.ts': "import { made } from '../../vault/open.ts';\nexport const again = made;",
  'connectors/one/contract.ts': "import { made } from '../../contract/ids.ts';\nexport const again = made;",
  'db/queries/vault.ts': "import { made } from '../../vault/open.ts';\nexport const again = made;",
  'db/queries/schema.ts': "import { made } from '../schema/one.ts';\nexport const again = made;",
  'api/any.ts': 'export const made = (given: any) => String(given);',
  'api/default.ts': 'export default 1;',
};
const refused = new Set([
  ...['workflows/process.ts', 'workflows/node.ts', 'workflows/zod.ts', 'contract/zod.ts', 'codegen/read.ts'],
  ...['connectors/one/other.ts', 'connectors/one/registry.ts', 'connectors/one/vault.ts', 'db/queries/vault.ts'],
  ...['api/any.ts', 'api/default.ts'],
]);
const roomOf = (path: string) => path.slice(0, path.indexOf('/'));
for (const [room, mayImport] of Object.entries(allowed)) {
  for (const target of targets.filter((one) => !one.startsWith(`${room}/`))) {
    const file = `${room}/imports-${target.replaceAll(/\W/g, '-')}.ts`;
    files[file] = `import { made } from '../${target}';\nexport const again = made;`;
    if (!mayImport.includes(target) && !mayImport.includes(`${roomOf(target)}/x.ts`)) refused.add(file);
  }
}

describe('the arrows between rooms', () => {
  const folder = mkdtempSync(join(tmpdir(), 'graft-arrows-'));
  let faulted: Set<string>;
  beforeAll(() => {
    const configuration = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { options: object };
    // Types are not needed for arrows, and there is no TypeScript project in the folder.
    const planted = { ...files, '.oxlintrc.json': JSON.stringify({ ...configuration, options: { typeAware: false } }) };
    for (const [file, text] of Object.entries(planted)) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    }
    const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'oxlint'), ['--format', 'json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string }[] };
    faulted = new Set(diagnostics.map(({ filename }) => filename));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuse every import that DESIGN does not list', () => {
    expect([...refused].filter((file) => !faulted.has(file))).toEqual([]);
  });

  it('let through what it lists', () => {
    expect([...faulted].filter((file) => !refused.has(file))).toEqual([]);
    expect(Object.keys(files).length - refused.size).toBeGreaterThan(30);
  });
});
