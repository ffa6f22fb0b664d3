import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { demoCredentials } from './credentials.ts';

describe('the credentials of the demo', () => {
  it.each([...connectors])('have the form that %s asks for', (_, { manifest }) => {
    const values = demoCredentials(manifest, {});
    expect(manifest.credentials.parse(values)).toEqual(values);
  });
});
