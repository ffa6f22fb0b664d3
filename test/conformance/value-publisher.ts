import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../contract/closed-sets.ts';
import type { PublishedValue, ValuePublisher } from '../../contract/code-host.ts';

/** A publisher with one project, and what is read at its places by who uses the values. */
export interface ValuePublisherUnderTest {
  publisher: ValuePublisher;
  repository: string;
  /** Names and values at a place. */
  valuesAt(place: string): Promise<Readonly<Record<string, string>>>;
  remove(): Promise<void>;
}

const secret = (value: string): PublishedValue => ({ value, secret: true });
const open = (value: string): PublishedValue => ({ value, secret: false });
const project = 'prj_1';

/** The conformance suite of `ValuePublisher`: whatever a new one is, these hold of it. */
export function testValuePublisher(name: string, makePublisher: () => Promise<ValuePublisherUnderTest>): void {
  describe(`value publisher: ${name}`, () => {
    let made: ValuePublisherUnderTest;
    let publisher: ValuePublisher;
    const place = async (environment: Environment = 'development') =>
      await publisher.placeOf({ project, repository: made.repository, environment });
    beforeEach(async () => {
      made = await makePublisher();
      ({ publisher } = made);
    });
    afterEach(async () => await made.remove());

    it('names a place the same each time, and knows it again', async () => {
      expect(await place()).toBe(await place());
      expect(await publisher.list(await place())).toEqual([]);
      for (const foreign of ['', 'nowhere', 'other:place', `${await place()}/more/and/more`]) {
        await expect(publisher.list(foreign)).rejects.toMatchObject({ code: 'invalid_request' });
      }
    });

    it('publishes secrets and public values, anew and again, and touches no other name', async () => {
      const at = await place();
      await publisher.publish(at, { API_SECRET: secret('one'), EXPO_PUBLIC_KEY: open('two') });
      await publisher.publish(at, { OTHER: open('three') });
      await publisher.publish(at, { API_SECRET: secret('uno ✓'), EXPO_PUBLIC_KEY: open('due') });
      await publisher.publish(at, { API_SECRET: secret('uno ✓'), EXPO_PUBLIC_KEY: open('due') });
      expect(await made.valuesAt(at)).toEqual({ API_SECRET: 'uno ✓', EXPO_PUBLIC_KEY: 'due', OTHER: 'three' });
      expect(await publisher.list(at)).toEqual(['API_SECRET', 'EXPO_PUBLIC_KEY', 'OTHER']);
    });

    it('takes back exactly the names that are given, and is content when they are gone', async () => {
      const at = await place();
      await publisher.publish(at, { A: secret('a'), B: open('b'), C: secret('c'), D: open('d') });
      await publisher.unpublish(at, ['A', 'B', 'NEVER']);
      await publisher.unpublish(at, ['A', 'B', 'NEVER']);
      expect(await made.valuesAt(at)).toEqual({ C: 'c', D: 'd' });
    });

    it('lists every name, however many there are', async () => {
      const at = await place();
      const names = Array.from({ length: 34 }, (_, each) => `KEY_${String(each).padStart(2, '0')}`);
      await publisher.publish(at, Object.fromEntries(names.map((each) => [each, open(each)])));
      expect(await publisher.list(at)).toEqual(names);
    });

    it('refuses what is no name, writes nothing then, and never tells a value', async () => {
      const at = await place();
      for (const wrong of ['', 'A=B', 'A B', '1A', 'A-B', '../A']) {
        const values = { FINE: secret('let-it-out'), [wrong]: secret('let-it-out') };
        const refused = await publisher.publish(at, values).catch((error: unknown) => error);
        expect(refused, wrong).toMatchObject({ code: 'invalid_request' });
        expect(JSON.stringify(refused) + String(refused)).not.toContain('let-it-out');
        await expect(publisher.unpublish(at, [wrong])).rejects.toMatchObject({ code: 'invalid_request' });
      }
      expect(await publisher.list(at)).toEqual([]);
    });
  });
}
