import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { CodecKeys } from './codec-keys.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** Absolute path of the failure converter, for workers and bundles. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.ts', import.meta.url));

/** The one data converter of clients and workers: `codecKey` (32 bytes) encrypts, `olderKeys` still decrypt. */
export function createDataConverter(...[codecKey, ...olderKeys]: CodecKeys): DataConverter {
  return { failureConverterPath, payloadCodecs: [createPayloadCodec(codecKey, ...olderKeys)] };
}
