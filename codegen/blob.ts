import { hash } from 'node:crypto';

/** The id that git gives to a file with this content: SHA-1 in hex. A string is taken as UTF-8. */
export function blobId(content: Uint8Array | string): string {
  const bytes = Buffer.from(content);
  return hash('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));
}
