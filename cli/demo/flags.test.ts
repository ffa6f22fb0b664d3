import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { readFlags } from './flags.ts';

describe('the connectors of the demo', () => {
  it.each([
    ['stripe without a flag', [], ['stripe']],
    ['the one that is named', ['--connector', 'supabase'], ['supabase']],
    ['every one of the registry', ['--connector', 'all'], [...connectors.keys()]],
  ])('are %s', (_, args, chosen) => {
    expect(readFlags(args)).toMatchObject({ connectors: chosen, codeHost: 'local', keep: false });
  });

  it('go to any code host', () => {
    const flags = readFlags(['--connector', 'all', '--code-host', 'github', '--keep']);
    expect(flags).toMatchObject({ connectors: [...connectors.keys()], codeHost: 'github', keep: true });
  });

  it('are refused with those that there are', () => {
    expect(() => readFlags(['--connector', 'nothing'])).toThrow(/Choose one of: .*stripe/);
    expect(() => readFlags(['--conector', 'all'])).toThrow(/--connector id\|all/);
  });
});
