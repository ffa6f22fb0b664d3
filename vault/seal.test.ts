import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import sodium from 'libsodium-wrappers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyFiles, createKeyFiles } from './keys.ts';
import { type SealingKeys, openSubmission, readSealingKeys } from './open.ts';
import { type Binding, bindingText, readSealingPublicKey, recipientLength, recipientOf, seal } from './seal.ts';

const values = { secretKey: ['obviously', 'fake', 'value', 'ä€😀'].join(' '), other: '' };
const installation: Binding = {
  kind: 'installation',
  submission: 'sub_1',
  project: 'prj_1',
  installation: 'ins_1',
  connector: 'stripe',
  environment: 'development',
};
const test: Binding = {
  kind: 'test',
  submission: 'sub_1',
  request: 'req_1',
  connector: 'stripe',
  environment: 'development',
};

let folder: string;
let keys: SealingKeys;
let otherKeys: SealingKeys;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graft-seal-'));
  const pairs = [];
  for (const name of ['one', 'two']) {
    const files = await createKeyFiles(join(folder, name));
    pairs.push(await readSealingKeys({ publicKey: files.sealingPublic, privateKey: files.sealingPrivate }));
  }
  [keys, otherKeys] = pairs as [SealingKeys, SealingKeys];
});
afterAll(() => rm(folder, { recursive: true }));

/** What came of it: the code and the whole text of an error, or that nothing was thrown. */
async function refusal(opening: Promise<unknown>): Promise<{ code: unknown; text: string }> {
  try {
    await opening;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: Reflect.get(error, 'code'), text: `${error.stack} ${String(error.cause)}` };
  }
  return { code: 'opened', text: '' };
}

describe('seal and openSubmission', () => {
  it('gives back the values for the same binding', async () => {
    expect(await openSubmission(keys, await seal(keys.publicKey, installation, values), installation)).toEqual(values);
    expect(await openSubmission(keys, await seal(keys.publicKey, test, values), test)).toEqual(values);
  });

  it('opens whatever order the keys of the binding are in', async () => {
    const reordered = Object.fromEntries(Object.entries(installation).toReversed()) as Binding;
    expect(await openSubmission(keys, await seal(keys.publicKey, installation, values), reordered)).toEqual(values);
  });

  it.each([installation, test].flatMap((binding) => Object.keys(binding).map((field) => ({ binding, field }))))(
    'refuses $binding.kind with another $field',
    async ({ binding, field }) => {
      if (field === 'kind') return;
      const sealed = await seal(keys.publicKey, binding, values);
      const { code, text } = await refusal(openSubmission(keys, sealed, { ...binding, [field]: 'other' } as Binding));
      expect(code).toBe('binding_mismatch');
      expect(text).not.toContain(values.secretKey);
    },
  );

  it('never opens one kind as the other, with the same ids in all places', async () => {
    const same = { submission: 'x', project: 'x', installation: 'x', request: 'x', connector: 'x', environment: 'x' };
    const one: Binding = { ...same, kind: 'installation' };
    const two: Binding = { ...same, kind: 'test' };
    expect((await refusal(openSubmission(keys, await seal(keys.publicKey, one, values), two))).code).toBe(
      'binding_mismatch',
    );
    expect((await refusal(openSubmission(keys, await seal(keys.publicKey, two, values), one))).code).toBe(
      'binding_mismatch',
    );
  });

  it('tells bindings apart whose fields run into each other', () => {
    const one = bindingText({ ...test, submission: 'a","b', request: 'c' });
    const two = bindingText({ ...test, submission: 'a', request: 'b","c' });
    expect(one).not.toBe(two);
  });

  it('refuses each flipped byte, in format, key name and box', async () => {
    const sealed = await seal(keys.publicKey, installation, values);
    const places = [
      0,
      1,
      recipientLength,
      recipientLength + 1,
      recipientLength + 40,
      recipientLength + 60,
      sealed.length - 1,
    ];
    for (const place of places) {
      const flipped = Uint8Array.from(sealed);
      flipped[place] = (flipped[place] as number) ^ 1;
      expect((await refusal(openSubmission(keys, flipped, installation))).code, `byte ${place}`).toBe('cannot_open');
    }
    for (const length of [0, 1, recipientLength, recipientLength + 1, recipientLength + 40]) {
      const cut = sealed.subarray(0, length);
      expect((await refusal(openSubmission(keys, cut, installation))).code, `cut to ${length}`).toBe('cannot_open');
    }
  });

  it('says that a submission is for another key, and does not open one that lies about it', async () => {
    const sealed = await seal(otherKeys.publicKey, installation, values);
    expect((await refusal(openSubmission(keys, sealed, installation))).text).toContain('another key');
    sealed.set(recipientOf(keys.publicKey), 1);
    expect((await refusal(openSubmission(keys, sealed, installation))).text).toContain('damaged');
  });

  it('hides the length of values up to 64 bytes', async () => {
    const lengthOf = async (text: string) => (await seal(keys.publicKey, test, { key: text })).length;
    expect(await lengthOf('a')).toBe(await lengthOf('a'.repeat(20)));
    expect(await lengthOf('a'.repeat(200))).toBeGreaterThan(await lengthOf('a'));
  });

  it('refuses a box that anybody with the public key filled with something else, without quoting it', async () => {
    const quoted = 'quoted-words';
    for (const content of [
      quoted,
      `{"binding":"x","values":{"a":1,"b":"${quoted}"}}`,
      `{"values":{"a":"${quoted}"}}`,
    ]) {
      const box = sodium.crypto_box_seal(sodium.pad(sodium.from_string(content), 64), keys.publicKey);
      const sealed = Buffer.concat([Uint8Array.of(1), recipientOf(keys.publicKey), box]);
      const { code, text } = await refusal(openSubmission(keys, sealed, installation));
      expect(code).toBe('cannot_open');
      expect(text).not.toContain(quoted);
    }
  });
});

describe('key files', () => {
  it('makes them private and never overwrites, in any number of runs at once', async () => {
    const place = join(folder, 'many');
    const contents = async (of: KeyFiles) =>
      Promise.all(Object.values(of).map((file: string) => readFile(file, 'utf8')));
    const seen = await Promise.all(
      Array.from({ length: 8 }, async (_, run) => {
        await setTimeout(run);
        return contents(await createKeyFiles(place));
      }),
    );
    const files = await createKeyFiles(place);
    expect(seen).toEqual(seen.map(() => seen[0]));
    expect((await stat(place)).mode & 0o777).toBe(0o700);
    for (const file of Object.values(files)) expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(place)).toHaveLength(5);
    expect(await contents(files)).toEqual(seen[0]);
    expect(new Set(seen[0]).size).toBe(5);
    const pair = { publicKey: files.sealingPublic, privateKey: files.sealingPrivate };
    expect((await readSealingKeys(pair)).publicKey).toEqual(await readSealingPublicKey(files.sealingPublic));
  });

  it('computes a lost public key again, and refuses to go on without the private one', async () => {
    const files = await createKeyFiles(join(folder, 'lost'));
    const before = await readFile(files.sealingPublic, 'utf8');
    await rm(files.sealingPublic);
    await createKeyFiles(join(folder, 'lost'));
    expect(await readFile(files.sealingPublic, 'utf8')).toBe(before);
    await rm(files.sealingPrivate);
    expect((await refusal(createKeyFiles(join(folder, 'lost')))).code).toBe('bad_key_file');
  });

  it('refuses a pair that is none, a file that all may read, one that is missing and one that is no key', async () => {
    const files = await createKeyFiles(join(folder, 'bad'));
    const pair = { publicKey: join(folder, 'one', 'sealing.public'), privateKey: files.sealingPrivate };
    expect((await refusal(readSealingKeys(pair))).text).toContain('does not belong');
    await writeFile(files.sealingPublic, await readFile(pair.publicKey));
    expect((await refusal(createKeyFiles(join(folder, 'bad')))).text).toContain('does not belong');
    await chmod(files.sealingPrivate, 0o604);
    expect((await refusal(readSealingKeys(pair))).text).toContain('chmod');
    await chmod(files.sealingPrivate, 0o600);
    const content = 'no-key-of-any-kind';
    await writeFile(files.sealingPrivate, content);
    const { code, text } = await refusal(readSealingKeys(pair));
    expect(code).toBe('bad_key_file');
    expect(text).not.toContain(content);
    expect((await refusal(readSealingPublicKey(join(folder, 'nowhere')))).code).toBe('bad_key_file');
  });
});
