import { git } from '../../git.ts';

export interface ChangedFile {
  filename: string;
  previous: string | null;
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** Blob after the change; the one before it for a removed file. */
  sha: string;
  additions: number;
  deletions: number;
  patch: string | null;
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const statuses = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', C: 'copied', T: 'changed' } as const;

/** Files that differ between two trees or commits, with their patches; null means the empty tree. */
export async function diffFiles(folder: string, before: string | null, after: string): Promise<ChangedFile[]> {
  const range = [before ?? emptyTree, after];
  const options = ['diff', '--no-ext-diff', '--no-textconv', '--no-color', '--find-renames', '--no-abbrev'];
  if (before === null) {
    // The well-known id is not an object of every repository.
    await git(folder, ['hash-object', '-t', 'tree', '-w', '--stdin'], { input: '' });
  }
  const [raw, numbers, patches] = await Promise.all([
    output(folder, [...options, '--raw', '-z', ...range]),
    output(folder, [...options, '--numstat', '-z', ...range]),
    output(folder, [...options, '--patch', ...range]),
  ]);
  const counts = parseNumbers(numbers);
  const texts = patches.split(/^(?=diff --git )/m);
  return parseRaw(raw).map((file, index) => {
    const at = texts[index]?.search(/^@@ /m) ?? -1;
    const patch = at < 0 ? null : (texts[index] ?? '').slice(at).replace(/\n$/, '');
    return { ...file, additions: 0, deletions: 0, ...counts[index], patch };
  });
}

async function output(folder: string, args: readonly string[]): Promise<string> {
  return (await git(folder, args)).output.toString();
}

function parseRaw(raw: string): Pick<ChangedFile, 'filename' | 'previous' | 'status' | 'sha'>[] {
  const parts = raw.split('\0').filter(Boolean);
  const files: Pick<ChangedFile, 'filename' | 'previous' | 'status' | 'sha'>[] = [];
  for (let at = 0; at < parts.length;) {
    const [, , before = '', after = '', code = 'M'] = (parts[at] ?? '').split(' ');
    const letter = code.slice(0, 1) as keyof typeof statuses;
    const moved = letter === 'R' || letter === 'C';
    files.push({
      filename: parts[at + (moved ? 2 : 1)] ?? '',
      previous: moved ? (parts[at + 1] ?? '') : null,
      status: statuses[letter],
      sha: letter === 'D' ? before : after,
    });
    at += moved ? 3 : 2;
  }
  return files;
}

function parseNumbers(numbers: string): { additions: number; deletions: number }[] {
  const parts = numbers.split('\0');
  const counts: { additions: number; deletions: number }[] = [];
  for (let at = 0; at < parts.length - 1; at++) {
    const [added, deleted, name] = (parts[at] ?? '').split('\t');
    counts.push({ additions: Number(added) || 0, deletions: Number(deleted) || 0 });
    // A renamed file has its two names in parts of their own.
    if (name === '') at += 2;
  }
  return counts;
}
