import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionReport, Connector, ProbeInput, Simulator } from '../../contract/connector.ts';
import { GraftError } from '../../contract/errors.ts';
import type { Behaviour, ConnectorSamples } from './connector-samples.ts';
import { type SentRequest, simulatedHttp } from './simulated-http.ts';

/** What every probe must tell apart, against the connector's own simulator. */
export function testProbe(connector: Connector, samples: ConnectorSamples): void {
  const { manifest } = connector;
  describe(`${manifest.name}: probe`, () => {
    let simulator: Simulator;
    const sent: SentRequest[] = [];
    const run = async (
      input: Partial<ProbeInput> & { credentials: Record<string, string> },
    ): Promise<ConnectionReport> => {
      const probe = await connector.loadProbe();
      const http = simulatedHttp({ hosts: manifest.hosts, origin: simulator.url, milliseconds: 1500, sent });
      return probe({ environment: 'staging', options: manifest.options.parse({}), http, ...input });
    };
    const failure = async (behaviour: Behaviour): Promise<GraftError> => {
      const credentials = samples.credentials('test', behaviour);
      const error: unknown = await run({ credentials }).then(
        () => expect.fail('the probe accepted these credentials'),
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(GraftError);
      const shown = inspect(error, { depth: 12, showHidden: true });
      for (const { name, secret } of manifest.credentialFields)
        if (secret) expect(shown).not.toContain(credentials[name]);
      return error as GraftError;
    };

    beforeAll(async () => {
      simulator = await (await connector.loadSimulator())();
    });
    afterAll(async () => {
      await simulator.close();
      expect(sent.length).toBeGreaterThan(0);
      expect(
        sent.filter(({ method, url }) => method !== 'GET' && !(method === 'POST' && url === samples.tokenUrl)),
        'a probe only reads, and asks for access tokens',
      ).toEqual([]);
    });

    it.each(['test', 'live'] as const)('reports account and mode of good %s credentials', async (mode) => {
      for (const options of samples.combinations) {
        const report = await run({
          credentials: samples.credentials(mode, 'good'),
          options: manifest.options.parse(options),
          environment: mode === 'live' ? 'production' : 'development',
        });
        expect(report.account).not.toBe('');
        expect([mode, undefined]).toContain(report.mode);
      }
    });

    it('tells a rejected key', async () => {
      expect(await failure('revoked')).toMatchObject({
        code: 'credentials_rejected',
        fields: [{ fix: expect.any(String) }],
      });
    });

    it('tells an expired key', async () => {
      const error = await failure('expired');
      expect(error.code).toBe('credentials_rejected');
      expect(error.message).toMatch(/expired/);
    });

    it('names the permission that a genuine key lacks', async () => {
      const error = await failure('narrow');
      expect(error.code).toBe('permission_missing');
      expect(error.message).toMatch(samples.permission);
    });

    it('passes on when to try again', async () => {
      expect(await failure('ratelimited')).toMatchObject({ code: 'provider_unavailable', retryAfterSeconds: 7 });
    });

    it.each(['unavailable', 'nonsense', 'slow'] as const)(
      'takes a provider that is %s for unavailable',
      async (behaviour) => {
        expect((await failure(behaviour)).code).toBe('provider_unavailable');
      },
    );

    it('takes a provider that is not there for unavailable', async () => {
      const probe = await connector.loadProbe();
      const http = simulatedHttp({ hosts: manifest.hosts, origin: 'http://127.0.0.1:1', milliseconds: 1500, sent });
      const input = {
        credentials: samples.credentials('test', 'good'),
        options: {},
        environment: 'staging' as const,
        http,
      };
      await expect(probe(input)).rejects.toMatchObject({ code: 'provider_unavailable' });
    });

    it('keeps modes and environments apart, where the provider has modes', async () => {
      const attempt = (mode: 'test' | 'live', environment: ProbeInput['environment']) =>
        run({ credentials: samples.credentials(mode, 'good'), environment });
      if (manifest.modeOf(samples.credentials('live', 'good')) === undefined) {
        expect((await attempt('live', 'development')).mode).toBeUndefined();
        return;
      }
      await expect(attempt('live', 'development')).rejects.toMatchObject({ code: 'mode_mismatch' });
      await expect(attempt('test', 'production')).rejects.toMatchObject({ code: 'mode_mismatch' });
      expect((await attempt('test', 'staging')).mode).toBe('test');
      expect((await attempt('live', 'staging')).mode).toBe('live');
    });
  });
}
