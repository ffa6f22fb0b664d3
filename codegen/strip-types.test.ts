import { describe, expect, it } from 'vitest';
import { stripTypes } from './strip-types.ts';

describe('stripTypes', () => {
  it.each([
    ['annotations', 'const a: string = b; let c!: number;', 'const a = b; let c;'],
    [
      'parameters',
      'function f(this: Window, a?: string, { b }: { b: number } = { b: 1 }, ...rest: any[]): void {}',
      'function f(a, { b } = { b: 1 }, ...rest) {}',
    ],
    ['assertions', 'f(a as B, c satisfies D, e!);', 'f(a, c, e);'],
    [
      'generics',
      'const a = useState<string | undefined>(b); const f = <T,>(x: T): T => x; new Map<A, B<C>>();',
      'const a = useState(b); const f = (x) => x; new Map();',
    ],
    ['casts in sequence', 'const a = (b as unknown as C).d!.e;', 'const a = b.d.e;'],
    [
      'type imports',
      "import type { A } from 'a';\nimport b, { type C, d, type E } from 'b';\nimport { type F } from 'f';\n",
      "import b, { d } from 'b';\n",
    ],
    [
      'type exports',
      "export type { A } from 'a';\nexport type B = string;\nexport * from 'c';\n",
      "export * from 'c';\n",
    ],
    [
      'types among exported names',
      "interface A {}\nexport { type B } from 'b';\nconst G = 1;\ntype G = 1;\nexport { c, type D, e } from 'c';\nexport { A, G };\nexport default interface F {}\n",
      "const G = 1;\nexport { c, e } from 'c';\nexport { G };\n",
    ],
    ['as const', 'export const a = { b: 1 } as const;\n', 'export const a = { b: 1 };\n'],
    [
      'classes',
      'abstract class A<T> extends B<T> implements C, D {\n  private readonly a?: string = "x";\n  declare b: number;\n  static override c(): void {}\n}\n',
      'class A extends B {\n  a = "x";\n  static c() {}\n}\n',
    ],
    [
      'members without a body',
      'abstract class A {\n  abstract b(): void;\n  abstract c: string;\n  d(e: string): void;\n  d(e: any) {}\n}\n',
      'class A {\n  d(e) {}\n}\n',
    ],
    [
      'overloads',
      'function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: unknown) {}\n',
      'function f(a) {}\n',
    ],
    [
      'globals',
      'declare global {\n  var a: string;\n}\ndeclare const b: string;\nexport const c = b;\n',
      'export const c = b;\n',
    ],
  ])('cuts %s', (_, text, expected) => {
    expect(stripTypes('a.tsx', text)).toBe(expected);
  });

  it('takes the comment of a declaration along and leaves no hole', () => {
    const text = 'const a = 1;\n\n/** What it may be. */\nexport type A = 1 | 2;\n\n// stays\nexport const b = a;\n';
    expect(stripTypes('a.ts', text)).toBe('const a = 1;\n\n// stays\nexport const b = a;\n');
    expect(stripTypes('a.ts', `${text}\nexport type C = A;\n`)).toBe(stripTypes('a.ts', text));
  });

  it('cuts old assertions, and braces that held types only', () => {
    const text = "import a, { type B, type C } from 'a';\nexport const b = <B>a;\n";
    expect(stripTypes('a.ts', text)).toBe("import a from 'a';\nexport const b = a;\n");
  });

  it.each([
    'enum A {\n  B,\n}\n',
    'class A {\n  constructor(readonly a: string) {}\n}\n',
    'namespace A {\n  export const b = 1;\n}\n',
  ])('refuses what is more than a type: %s', (text) =>
    expect(() => stripTypes('a.ts', text)).toThrow('only erasable types can'),
  );
});
