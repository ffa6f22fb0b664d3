import { describe, expect, it } from 'vitest';
import { hostEntryOf } from './host-entry.ts';

describe('hostEntryOf', () => {
  const hosts = ['api.example.com', '*.example.net', 'www.example.net'];

  it.each([
    ['api.example.com', 'api.example.com'],
    ['project.example.net', '*.example.net'],
    ['www.example.net', 'www.example.net'],
  ])('%s is named by %s', (hostname, entry) => expect(hostEntryOf(hosts, hostname)).toBe(entry));

  it.each([
    'other.example.com',
    'example.net',
    '.example.net',
    'a.project.example.net',
    'project.example.net.evil.example',
    'project.example.net.',
    'projectexample.net',
    'net',
    '',
  ])('nothing names "%s"', (hostname) => expect(hostEntryOf(hosts, hostname)).toBeUndefined());
});
