const replacement = '[removed]';
/** A piece of a value this long is taken for the value. */
const fragmentLength = 8;
/** What says only which kind of value follows: a scheme, or short words such as `sk_test_`. */
const publicPrefix = /^(?:[a-z]+:\/\/|(?:[a-z]{2,5}_){1,2})/;

/**
 * Takes each value out of a text that came from a provider: as it is, URL-encoded, in base64 (at any offset inside a
 * longer text), JSON-escaped, and every piece of these of 8 characters or more.
 */
export function scrub(message: string, values: Iterable<string>): string {
  const marks = new Uint8Array(message.length);
  for (const value of values) {
    if (value === '') continue;
    for (const form of formsOf(value)) markWhole(message, form, marks);
    for (const form of formsOf(value.replace(publicPrefix, ''))) markFragments(message, form, marks);
  }
  let scrubbed = '';
  for (let index = 0; index < message.length; index += 1) {
    if (marks[index] === 0) scrubbed += message[index];
    else if (marks[index - 1] !== 1) scrubbed += replacement;
  }
  return scrubbed;
}

function formsOf(value: string): Set<string> {
  const encoded = encodeURIComponent(value.toWellFormed());
  return new Set([
    value,
    encoded,
    encoded.replace(/%[\dA-F]{2}/g, (part) => part.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    JSON.stringify(value).slice(1, -1),
    ...base64FormsOf(value),
  ]);
}

// Inside a longer base64 text a value starts at one of three offsets; the characters it shares with its neighbours go.
function base64FormsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const forms: string[] = [];
  for (const [offset, skipped] of [0, 2, 3].entries()) {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const complete = Math.floor((padded.length * 4) / 3);
    for (const encoding of ['base64', 'base64url'] as const) {
      const form = padded.toString(encoding).slice(skipped, complete);
      if (form.length >= fragmentLength) forms.push(form);
    }
  }
  return forms;
}

function markWhole(message: string, form: string, marks: Uint8Array): void {
  if (form === '') return;
  for (let at = message.indexOf(form); at !== -1; at = message.indexOf(form, at + 1)) {
    marks.fill(1, at, at + form.length);
  }
}

function markFragments(message: string, form: string, marks: Uint8Array): void {
  const fragments = new Set<string>();
  for (let at = 0; at + fragmentLength <= form.length; at += 1) fragments.add(form.slice(at, at + fragmentLength));
  if (fragments.size === 0) return;
  for (let at = 0; at + fragmentLength <= message.length; at += 1) {
    if (fragments.has(message.slice(at, at + fragmentLength))) marks.fill(1, at, at + fragmentLength);
  }
}
