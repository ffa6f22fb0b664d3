/** What a host takes of a body is 65,536 characters; the rest is room for what is written before and behind it later. */
const mostCharacters = 64_000;

/** A part of a text; `short` says the most important of it in a bounded length. */
export interface TextPart {
  text: string | undefined;
  short?: string | undefined;
}

/** Joins parts by empty lines; while it is too long for a host, the next of `shortenFirst` is put in its short form. */
export function fitText(parts: readonly TextPart[], shortenFirst: readonly TextPart[]): string {
  const shortened = new Set<TextPart>();
  const join = () =>
    `${parts
      .map((part) => (shortened.has(part) ? part.short : part.text))
      .filter((text) => text !== undefined)
      .join('\n\n')}\n`;
  for (const part of shortenFirst) {
    if (join().length <= mostCharacters) break;
    shortened.add(part);
  }
  return join();
}

/** The first of some texts that have room in so many characters, and the number of the others. */
export function firstThatFit(texts: readonly string[], characters: number): { kept: readonly string[]; left: number } {
  let room = characters;
  const end = texts.findIndex((text) => (room -= text.length) < 0);
  const kept = end === -1 ? texts : texts.slice(0, end);
  return { kept, left: texts.length - kept.length };
}
