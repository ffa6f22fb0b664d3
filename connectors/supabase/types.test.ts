import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { AppFacts } from '../../contract/connector.ts';
import { expectFormatted, expectTypeChecks } from '../../test/conformance/generated-code.ts';
import { expoApp, nextApp } from '../../test/harness/app-facts.ts';
import { supabase } from './index.ts';
import { readSchema } from './read-schema.ts';
import { everything, recorded } from './samples.ts';

const described = recorded('schema').body as { definitions: object; paths: object };
const discovered = { schema: readSchema(described) };
const contribute = (options: Record<string, unknown> = {}, facts: Partial<AppFacts> = {}, told: object = discovered) =>
  supabase.contribute({ app: { ...expoApp, ...facts }, alias: '', options, discovered: { ...told } });
const typesIn = ({ files }: ReturnType<typeof contribute>) =>
  files.find(({ path }) => path.endsWith('/database.types.ts')) ?? expect.fail('it has no types');
const compilerOptions = { exactOptionalPropertyTypes: true, noImplicitReturns: true };
const more = {
  compilerOptions,
  files: [fileURLToPath(new URL('templates/framework-modules.d.ts', import.meta.url))],
};

/** Code of people over the generated client; what must not compile says so. */
const uses = `import { supabase } from './connectors/supabase/client';
import { type Row, addRow, readRows } from './connectors/supabase/rows';

export async function use(): Promise<unknown> {
  if (!supabase) return undefined;
  await addRow({ title: 'Milk', done: true, status: "it's done", priority: 1, project_id: 'a' });
  await addRow({ title: 'Milk', status: 'open', priority: 1, project_id: 'a', tags: ['x'], details: { deep: [1] } });
  // @ts-expect-error a title is needed
  await addRow({ status: 'open', priority: 1, project_id: 'a' });
  // @ts-expect-error there is no such state
  await addRow({ title: 'Milk', status: 'closed', priority: 1, project_id: 'a' });
  const result = await readRows();
  if (result.status !== 'loaded') return undefined;
  const first: Row | undefined = result.rows[0];
  const tags: string[] | undefined = first?.tags;
  const counts: number[] | undefined = first?.counts;
  const made: string | null | undefined = first?.created_at;
  const price: number | null | undefined = first?.price;
  // @ts-expect-error what a place is was not told
  const place: string | null | undefined = first?.place;
  const { data } = await supabase.from('todos').select('title, projects(name)');
  const name: string | null | undefined = data?.[0]?.projects.name;
  const settings = await supabase.from('projects').select('project_settings(project_id)');
  const own: string | undefined = settings.data?.[0]?.project_settings?.project_id;
  const open = await supabase.from('open_todos').select('title');
  // @ts-expect-error a view that takes no rows
  await supabase.from('open_todos').insert({ title: 'Milk' });
  await supabase.from('Order lines').insert({ "it's": 'odd' });
  await supabase.rpc('close_todo', { todo_id: 1 });
  await supabase.rpc('close_todo', { todo_id: 1, reason: 'bought' });
  // @ts-expect-error which one?
  await supabase.rpc('close_todo', { reason: 'bought' });
  await supabase.rpc('refresh');
  // @ts-expect-error no such table
  await supabase.from('nothing').select('id');
  return [tags, counts, made, price, place, name, own, open];
}
`;

describe('the types of a schema that could be read', () => {
  it('are those of the tables, views and functions, for the code of people too', async () => {
    const made = contribute();
    expect(typesIn(made).source).toBe('provider');
    await expectTypeChecks([{ files: [...made.files, { path: 'uses.ts', text: uses, purpose: '' }] }], more);
  });

  it('type-check with everything that is generated, whatever table is asked for', async () => {
    const asked = ['todos', 'projects', 'open_todos', 'not_there', 'project_settings'].flatMap((table) =>
      [expoApp, nextApp].map((app) => contribute({ ...everything, table }, app)),
    );
    await expectTypeChecks(asked, more);
    await expectFormatted(asked);
  });

  it('quote names, and repeat no comment of the database', () => {
    const { text } = typesIn(contribute());
    expect(text).toContain("      'Order lines': {\n        Row: {\n          'a\\nb\\u000d': number | null;\n");
    expect(text).not.toContain('process.exit');
  });

  it('may be null where the database lets them', () => {
    const { text } = typesIn(contribute());
    expect(text).toMatch(/Row: \{[^}]* roles: unknown\[\] \| null;/);
    expect(text).toMatch(/Row: \{[^}]* place: unknown;/);
  });

  it('are the same in whatever order they are described', () => {
    const reversed = (of: object) => Object.fromEntries(Object.entries(of).toReversed());
    const { definitions, paths } = described;
    const other = readSchema({ ...described, definitions: reversed(definitions), paths: reversed(paths) });
    expect(typesIn(contribute({}, {}, { schema: other }))).toEqual(typesIn(contribute()));
  });

  it('have the table of the SQL where the project has none, and only then the SQL is a next step', () => {
    const steps = (table: string) =>
      contribute({ table }).nextSteps.filter(({ snippet = '' }) => snippet.startsWith('create table'));
    expect(steps('todos')).toEqual([]);
    expect(steps('notes')).toEqual([
      expect.objectContaining({ text: expect.objectContaining({ en: expect.stringMatching(/^The project has no/) }) }),
    ]);
    expect(typesIn(contribute({ table: 'notes' })).text).toMatch(/ {6}notes: \{\n {8}Row: \{\n {10}id: number;\n/);
    expect(typesIn(contribute({ table: 'notes' })).text).toContain('      todos: {');
    const empty = { schema: readSchema({ swagger: '2.0', paths: {} }) };
    expect(typesIn(contribute({}, {}, empty)).text).toContain('      todos: {');
  });

  it('are an example without a schema, or with one that is not understood, and nothing in JavaScript', () => {
    const example = typesIn(contribute({}, {}, {}));
    expect(example).toMatchObject({ source: 'example', text: expect.stringContaining('      todos: {') });
    expect(typesIn(contribute({}, {}, { schema: { tables: [] } }))).toEqual(example);
    const { files } = contribute({}, { language: 'javascript' });
    expect(files.filter(({ path }) => path.includes('types'))).toEqual([]);
  });

  it.each([
    [undefined],
    [null],
    ['<html>'],
    [{}],
    [{ swagger: '3.0', definitions: {} }],
    [{ swagger: '2.0', paths: 1 }],
  ])('are not read from %j', (body) => {
    expect(readSchema(body)).toBeUndefined();
  });
});
