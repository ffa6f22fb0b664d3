/** Bytes kept of the beginning and of the end of an output. */
const keptBytes = 131_072;

/** Collects output in bounded memory: `add` gives the bytes seen so far, `text` the beginning and the end. */
export function createOutput(): { add(chunk: Buffer): number; text(): string } {
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  let total = 0;
  return {
    add(chunk) {
      total += chunk.length;
      const room = keptBytes - headBytes;
      if (room > 0) {
        const part = chunk.subarray(0, room);
        head.push(part);
        headBytes += part.length;
      }
      if (chunk.length > room) tail = Buffer.concat([tail, chunk.subarray(Math.max(room, 0))]).subarray(-keptBytes);
      return total;
    },
    text() {
      const left = total - headBytes - tail.length;
      const gap = left > 0 ? `\n… ${left} bytes left out …\n` : '';
      return Buffer.concat(head).toString('utf8') + gap + tail.toString('utf8');
    },
  };
}
