import { mkdtemp, readFile, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GraftError } from '../../contract/errors.ts';
import { testValuePublisher } from '../../test/conformance/value-publisher.ts';
import { readEnvText, writeEnvText } from './env-text.ts';
import { createLocalValues } from './values.ts';

const awkward: Record<string, string> = {
  PLAIN: 'abc_123',
  EMPTY: '',
  SPACES: '  both ends  ',
  HASH: 'before # after',
  EQUALS: 'a=b=c',
  DOLLAR: '$HOME ${HOME} \\$x',
  SINGLE: "it's",
  DOUBLE: 'say "yes"',
  BOTH: `'"`,
  BACKTICK: '`x`',
  LINES: '-----BEGIN-----\nabc\ndef\n-----END-----\n',
  WINDOWS: 'a\r\nb\rc',
  BACKSLASH_N: 'not a \\n line end',
  BACKSLASH: 'C:\\dir\\',
  UNICODE: 'مفتاح ✓',
  EXPORT: 'export A=1',
};

const secrets = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, secret: true }]));

describe('env text', () => {
  it('reads back exactly what was written', () => {
    expect(parse(writeEnvText(awkward))).toEqual(awkward);
  });

  it('reads back any value that it does not refuse, with its neighbours untouched', () => {
    const characters = fc.constantFrom(...`'"\`\\#$={} \n\r\tnra0\u2028é`.split(''));
    const value = fc.oneof(fc.string({ unit: characters, maxLength: 12 }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(value, value, (one, two) => {
        let text: string;
        try {
          text = writeEnvText({ A: one, B: two, C: 'last' });
        } catch (error) {
          expect(error).toBeInstanceOf(GraftError);
          expect((error as GraftError).code).toBe('invalid_request');
          return;
        }
        expect(readEnvText(text)).toEqual({ A: one, B: two, C: 'last' });
      }),
      { numRuns: 2000 },
    );
  });

  it('names the key and never the value when it cannot be written', () => {
    const value = `secret '"\` \r\n \\n`;
    expect(() => writeEnvText({ KEY: value })).toThrow(/KEY/);
    expect(() => writeEnvText({ KEY: value })).not.toThrow(/secret/);
  });
});

testValuePublisher('local', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'graft-values-'));
  const fileAt = (place: string) => path.join(root, `${place.slice('local:'.length)}.env`);
  return {
    publisher: createLocalValues(root),
    repository: 'app',
    valuesAt: async (place) => parse(await readFile(fileAt(place))),
    remove: async () => await rm(root, { recursive: true, force: true }),
  };
});

describe('local values', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'graft-values-'));
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));
  const file = () => path.join(root, 'prj_1', 'development.env');

  it('publishes to one file per project and environment that only its owner reads', async () => {
    const values = createLocalValues(root);
    await values.publish('local:prj_1/development', secrets(awkward));
    await values.publish('local:prj_1/production', secrets({ PLAIN: 'other' }));
    expect(parse(await readFile(file()))).toEqual(awkward);
    expect(await values.list('local:prj_1/development')).toEqual(Object.keys(awkward).sort());
    expect(await values.list('local:prj_1/production')).toEqual(['PLAIN']);
    expect(await values.list('local:prj_2/production')).toEqual([]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file()))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(file()))).toEqual(['development.env', 'production.env']);
  });

  it('touches only the names that are given, and is safe to run twice', async () => {
    const values = createLocalValues(root);
    await values.publish('local:prj_1/development', secrets({ A: 'a', B: "b's" }));
    await values.publish('local:prj_1/development', secrets({ B: 'b2', C: 'c' }));
    await values.publish('local:prj_1/development', secrets({ B: 'b2', C: 'c' }));
    expect(parse(await readFile(file()))).toEqual({ A: 'a', B: 'b2', C: 'c' });
    await values.unpublish('local:prj_1/development', ['B', 'NEVER']);
    await values.unpublish('local:prj_1/development', ['B', 'NEVER']);
    expect(parse(await readFile(file()))).toEqual({ A: 'a', C: 'c' });
  });

  it('leaves nothing behind with the last name, also where nothing was', async () => {
    const values = createLocalValues(root);
    await values.publish('local:prj_1/development', secrets({ A: 'a' }));
    await values.unpublish('local:prj_1/development', ['A']);
    await values.unpublish('local:prj_1/development', ['A']);
    expect(await readdir(root)).toEqual([]);
  });

  it('loses no name when many publish at once', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `KEY_${at}`);
    await Promise.all(
      names.map(
        async (name) => await createLocalValues(root).publish('local:prj_1/development', secrets({ [name]: name })),
      ),
    );
    expect(await createLocalValues(root).list('local:prj_1/development')).toEqual(names.toSorted());
  });

  it('goes on after a process that died while it wrote', async () => {
    const values = createLocalValues(root);
    await values.publish('local:prj_1/development', secrets({ A: 'a' }));
    const lock = path.join(root, 'prj_1.lock');
    await writeFile(lock, 'dead');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await writeFile(`${file()}.new`, 'A=half');
    await values.publish('local:prj_1/development', secrets({ B: 'b' }));
    expect(parse(await readFile(file()))).toEqual({ A: 'a', B: 'b' });
    expect(await readdir(path.dirname(file()))).toEqual(['development.env']);
    expect(await readdir(root)).toEqual(['prj_1']);
  });

  it('refuses names that are no names, and writes nothing then', async () => {
    const values = createLocalValues(root);
    const refused = { code: 'invalid_request' };
    for (const project of ['../x', '', 'a/b', '.', '..', '/tmp']) {
      await expect(values.publish(`local:${project}/development`, secrets({ A: 'a' })), project).rejects.toMatchObject(
        refused,
      );
    }
    for (const name of ['', 'A=B', 'A\nB', 'A B', '1A', 'A-B', '__proto__']) {
      const one = Object.fromEntries([[name, 'x']]);
      await expect(values.publish('local:prj_1/development', secrets({ OK: 'a', ...one })), name).rejects.toMatchObject(
        refused,
      );
    }
    await expect(values.publish('local:prj_1/../development', secrets({ A: 'a' }))).rejects.toMatchObject(refused);
    expect(await readdir(root)).toEqual([]);
  });

  it('does not follow a link in the place of its file', async () => {
    const values = createLocalValues(root);
    const outside = path.join(root, 'outside');
    await writeFile(outside, 'X=outside\n');
    await values.publish('local:prj_1/development', secrets({ A: 'a' }));
    await rm(file());
    await symlink(outside, file());
    await expect(values.list('local:prj_1/development')).rejects.toThrow();
    expect(await readFile(outside, 'utf8')).toBe('X=outside\n');
  });
});
