import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.ts';

const key = ['sk', 'test', 'Ab3dEf7hIj1kLm5n'].join('_');
const phrase = 'pass "word" & more/ä?';

describe('scrub', () => {
  it('takes a value out wherever it stands and leaves the rest', () => {
    expect(scrub(`Key ${key} is wrong (${key}).`, [key])).toBe('Key [removed] is wrong ([removed]).');
    expect(scrub('Nothing to see in sk_test_ here.', [key])).toBe('Nothing to see in sk_test_ here.');
  });

  it.each([
    ['URL-encoded', encodeURIComponent(phrase)],
    ['form-encoded', encodeURIComponent(phrase).replaceAll('%20', '+')],
    ['lower-case URL-encoded', encodeURIComponent(phrase).toLowerCase()],
    ['JSON-escaped', JSON.stringify(phrase).slice(1, -1)],
  ])('takes it out %s', (_what, form) => {
    expect(scrub(`before ${form} after`, [phrase])).toBe('before [removed] after');
  });

  it.each(['', 'a', 'ab', 'user:', 'user: '])('takes it out of base64 behind %j', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const scrubbed = scrub(`Basic ${Buffer.from(`${before}${key}:rest`).toString(encoding)} x`, [key]);
      const left = Buffer.from(scrubbed.replace('Basic ', '').replace(' x', '').replace('[removed]', ''), encoding);
      expect(scrubbed).toContain('[removed]');
      expect(left.toString()).not.toContain(key.slice(9, 13));
    }
  });

  it('takes out pieces of 8 characters, but not what only says the kind', () => {
    expect(scrub(`sk_test_…${key.slice(-9)}`, [key])).toBe('sk_test_…[removed]');
    expect(scrub(`ends in ${key.slice(-4)}`, [key])).toBe(`ends in ${key.slice(-4)}`);
    expect(scrub('see https://docs.org', ['https://host.example/abcdefgh'])).toBe('see https://docs.org');
  });

  it('takes out short values too, and does nothing for an empty one', () => {
    expect(scrub('PIN 4711', ['4711'])).toBe('PIN [removed]');
    expect(scrub('PIN 4711', [''])).toBe('PIN 4711');
  });

  it('leaves no value and no long piece of one, whatever stands around it', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (value, before, after) => {
        const parts = scrub(`${before}${value}${after}`, [value]).split('[removed]');
        expect(parts.length).toBeGreaterThan(1);
        for (const part of parts) expect(part).not.toContain(value);
      }),
    );
  });
});
