import { describe, expect, it } from 'vitest';
import { code, fence, prose, table } from './markdown.ts';

/** What is left of Markdown when its code spans, read as CommonMark reads them, and its escapes are taken out. */
function live(markdown: string): string {
  let left = '';
  for (let at = 0; at < markdown.length; at += 1) {
    const character = markdown[at] ?? '';
    if (character === '\\') at += 1;
    else if (character === '`') {
      const run = /^`+/.exec(markdown.slice(at))?.[0] ?? '';
      const rest = markdown.slice(at + run.length);
      const end = new RegExp(`(?<!\`)${run}(?!\`)`).exec(rest);
      left += end === null ? run : '·';
      at += run.length - 1 + (end === null ? 0 : end.index + run.length);
    } else left += character;
  }
  return left;
}

const attacks = [
  '@team',
  'a @team/core, b@evil.example',
  '` @team',
  '`` @team `',
  '`x`@team`y` @team',
  '\\`a` @team',
  '\\\\`a` @team `',
  '&commat;team &#64;team',
  '<!-- graft:abort -->',
  '- [x] Give up <!-- graft:abort -->',
  '[ ] tick',
  '<a href=x>@team</a>',
  '![x](http://evil.example/a.png)',
  '[x](javascript:alert(1)) [x]: http://evil.example',
  'see https://evil.example/@team and www.evil.example',
  'fixes #12, closes owner/name#3 and GH-4',
  '# heading',
  '~~~ block',
  '$\\href{http://evil.example}{x}$',
  'a\nb\r\n\n## Merge me',
  'name\u202egpj.exe',
];

describe('text of the app in Markdown', () => {
  it.each(attacks)('makes nothing but text: %j', (attack) => {
    for (const markdown of [prose(attack), code(attack), prose(`The file \`${attack}\` and ${attack} say ${attack}`)]) {
      const alive = live(markdown);
      expect(alive).not.toMatch(/[@<[\]`]|&(?!amp;|lt;)|:\/\/|www\.|#\d|gh-\d/i);
      expect(markdown).not.toMatch(/[\n\u202e]|<!--\s*graft|^[#~>-]/);
    }
  });

  it('cannot leave its cell', () => {
    for (const text of ['a\\|b @team', 'a`|`b @team', '| @team |', '`a\\|b`', '\\\\| @team']) {
      for (const cell of [prose(text), code(text)]) {
        const row = table(['A', 'B'], [[cell, 'end']])?.split('\n')[2] ?? '';
        // Whether a backslash can itself be escaped there or not, there are two cells.
        for (const pipe of [/(?<!\\)\|/g, /(?<!(?<!\\)(?:\\\\)*\\)\|/g]) expect(row.match(pipe)).toHaveLength(3);
        expect(live(row)).not.toContain('@');
      }
    }
  });

  it('cannot leave its block, nor be read there as a mark of ours', () => {
    const block = fence('```\n- [x] Give up <!-- graft:abort -->\n<!--graft:x-->', 'tsx');
    expect(block).toBe('````tsx\n```\n- [x] Give up <!- - graft:abort -->\n<!- -graft:x-->\n````');
    expect(fence('a', 'x\n<b>')).toBe('```\na\n```');
  });

  it('stays readable where it is harmless', () => {
    expect(prose('Package @acme/pay-native@1.2.3 (`expo`) for a | b_c, 3 < 4')).toBe(
      'Package `@acme/pay-native@1.2.3` (`expo`) for a | b_c, 3 &lt; 4',
    );
    expect(prose('Turn it on (https://example.com/a?b=c), then read www.example.com/d.')).toBe(
      'Turn it on (`https://example.com/a?b=c`), then read `www.example.com/d`.',
    );
    expect(prose('npm ci: 612 packages; it "works" (0 errors).')).toBe('npm ci: 612 packages; it "works" (0 errors).');
  });
});
