import type { PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { GraftError } from '../contract/errors.ts';

const Base64 = z.base64();
/** Payloads as proto JSON: metadata values and data are base64. */
const EncodedPayloads = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), Base64).optional(), data: Base64.optional() })),
});
export type EncodedPayloads = z.infer<typeof EncodedPayloads>;

/**
 * Decrypts the body of a codec server's `/decode`, as the Temporal UI and CLI send it, and gives the answer's body.
 * Throws `invalid_request` for another shape and `cannot_open` for what no key opens.
 * Format: https://docs.temporal.io/codec-server
 */
export async function decodePayloads(codec: PayloadCodec, body: unknown): Promise<EncodedPayloads> {
  const parsed = EncodedPayloads.safeParse(body);
  if (!parsed.success) {
    throw new GraftError('invalid_request', 'The body is no list of payloads in proto JSON.', {
      fields: [{ field: 'payloads', fix: 'Send {"payloads": [{"metadata": {…}, "data": "…"}]} with base64 values.' }],
    });
  }
  const decoded = await codec.decode(
    parsed.data.payloads.map(({ metadata, data }) => ({
      metadata: mapValues(metadata ?? {}, (text) => Buffer.from(text, 'base64')),
      data: Buffer.from(data ?? '', 'base64'),
    })),
  );
  return {
    payloads: decoded.map(({ metadata, data }) => ({
      metadata: mapValues(metadata ?? {}, toBase64),
      data: toBase64(data ?? new Uint8Array()),
    })),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
