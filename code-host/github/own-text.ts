const begin = '<!-- graft:begin -->';
const end = '<!-- graft:end -->';
const charactersAtMost = 65_536;

/** The text of a pull request with our part of it marked; what people write around that stays theirs. */
export function asOwnText(text: string): string {
  return `${begin}\n${text}\n${end}`;
}

/** Our part of a text, empty where people have taken it out. */
export function ownTextIn(body: string): string {
  return partsOf(body)?.own ?? '';
}

/**
 * A text of a pull request with our part written anew, behind what people wrote where they have taken it out. Where GitHub
 * would not take as much, ours alone is kept: the older ones stand in its history.
 */
export function replaceOwnText(body: string, text: string): string {
  const { before, after } = partsOf(body) ?? { before: body.trim() === '' ? '' : `${body.trimEnd()}\n\n`, after: '' };
  const whole = before + asOwnText(text) + after;
  return whole.length <= charactersAtMost ? whole : asOwnText(text);
}

function partsOf(body: string): { before: string; own: string; after: string } | undefined {
  const start = body.indexOf(`${begin}\n`);
  const stop = body.lastIndexOf(`\n${end}`);
  if (start === -1 || stop < start + begin.length) return undefined;
  return {
    before: body.slice(0, start),
    own: body.slice(start + begin.length + 1, stop),
    after: body.slice(stop + end.length + 1),
  };
}
