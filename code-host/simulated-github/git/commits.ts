import { git, gitText } from '../../git.ts';

export interface Signature {
  name: string;
  email: string;
  /** ISO time, as GitHub writes it. */
  date: string;
  /** Offset from UTC as in a commit, `+0000`. */
  zone: string;
}

export interface GitCommit {
  sha: string;
  tree: string;
  parents: readonly string[];
  author: Signature;
  committer: Signature;
  message: string;
  /** The armoured signature, and the text that it signs. */
  signature: string | null;
  payload: string;
}

/** Commits by id, in the order asked. */
export async function readCommits(folder: string, shas: readonly string[]): Promise<GitCommit[]> {
  if (shas.length === 0) return [];
  const { output } = await git(folder, ['cat-file', '--batch'], { input: `${shas.join('\n')}\n` });
  const commits: GitCommit[] = [];
  let at = 0;
  while (at < output.length) {
    const end = output.indexOf(10, at);
    const [sha = '', type, size] = output.subarray(at, end).toString().split(' ');
    if (type !== 'commit') throw new Error(`${sha} is no commit`);
    const from = end + 1;
    const to = from + Number(size);
    commits.push(parseCommit(sha, output.subarray(from, to).toString()));
    at = to + 1;
  }
  return commits;
}

/** One commit by id. */
export async function readCommit(folder: string, sha: string): Promise<GitCommit> {
  const [commit] = await readCommits(folder, [sha]);
  if (commit === undefined) throw new Error(`${sha} is missing`);
  return commit;
}

/** Ids of the commits that git rev-list gives for these arguments. */
export async function listCommits(folder: string, args: readonly string[]): Promise<string[]> {
  const text = await gitText(folder, ['rev-list', ...args]);
  return text.split('\n').filter(Boolean);
}

/** Is the first commit the second one, or one of its ancestors? */
export async function isAncestor(folder: string, ancestor: string, descendant: string): Promise<boolean> {
  const { code } = await git(folder, ['merge-base', '--is-ancestor', ancestor, descendant], { accept: [1] });
  return code === 0;
}

/** The best common ancestor, undefined for unrelated histories. */
export async function mergeBase(folder: string, one: string, other: string): Promise<string | undefined> {
  const { code, output } = await git(folder, ['merge-base', one, other], { accept: [1] });
  return code === 0 ? output.toString().trim() : undefined;
}

function parseCommit(sha: string, raw: string): GitCommit {
  const split = raw.indexOf('\n\n');
  const lines = raw.slice(0, split).split('\n');
  const message = raw.slice(split + 2);
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (line.startsWith(' ') && last) last[1] += `\n${line.slice(1)}`;
    else headers.push([line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
  }
  const value = (name: string) => headers.find(([key]) => key === name)?.[1] ?? '';
  const unsigned = headers.filter(([key]) => key !== 'gpgsig');
  return {
    sha,
    tree: value('tree'),
    parents: headers.filter(([key]) => key === 'parent').map(([, parent]) => parent),
    author: parseSignature(value('author')),
    committer: parseSignature(value('committer')),
    message,
    signature: value('gpgsig') || null,
    payload: `${unsigned.map(([key, text]) => `${key} ${text.replaceAll('\n', '\n ')}\n`).join('')}\n${message}`,
  };
}

function parseSignature(line: string): Signature {
  const [, name = '', email = '', seconds = '0', zone = '+0000'] = /^(.*) <(.*)> (\d+) ([+-]\d{4})$/.exec(line) ?? [];
  const date = new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return { name, email, date, zone };
}
