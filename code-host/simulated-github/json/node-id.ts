/** GitHub's global id of a thing: its kind before the underscore, the rest is nobody's business. */
export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(`sim:${id}`).toString('base64url')}`;
}

/** The id within its kind, undefined when the global id is of another kind or none. */
export function idOfNode(kind: string, node: string): string | undefined {
  if (!node.startsWith(`${kind}_`)) return undefined;
  const [, id] = /^sim:(.+)$/.exec(Buffer.from(node.slice(kind.length + 1), 'base64url').toString()) ?? [];
  return id;
}
