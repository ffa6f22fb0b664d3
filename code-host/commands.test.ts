import { expect, it } from 'vitest';
import { commandIn } from './commands.ts';

it.each([
  ['/graft retry', 'retry'],
  ['Please:\r\n\r\n  /graft abort \r\nThanks.', 'abort'],
  ['/graft dance\n/graft regenerate\n/graft abort', 'regenerate'],
  ['> /graft abort\n\n/graft retry', 'retry'],
  ['```\n/graft abort\n```\n/graft retry', 'retry'],
  ['Not `/graft abort`, but\n/graft retry', 'retry'],
  ['```a``` is no block\n/graft retry', 'retry'],
])('%j gives a command', (comment, command) => expect(commandIn(comment)).toBe(command));

it.each([
  '> /graft abort',
  '```\n/graft abort\n```',
  '~~~ text\n/graft abort\n~~~',
  '````\n```\n/graft abort\n````',
  '```\n~~~\n/graft abort\n```',
  '```\n``` text\n/graft abort',
  '    /graft abort',
  '\t/graft abort',
  'Say /graft abort',
  '/graft dance',
  '',
])('%j gives none', (comment) => expect(commandIn(comment)).toBeUndefined());
