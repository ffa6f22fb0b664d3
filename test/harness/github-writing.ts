import type { Octokit } from 'octokit';

type Rest = Octokit['rest'];

export interface FileOnBranch {
  branch: string;
  path: string;
  content: string;
  /** Commit that it goes onto. */
  parent: string;
}

/** Commits one file through the git data API, on no branch yet; gives the commit. */
export async function commitFile(
  rest: Rest,
  repository: { owner: string; repo: string },
  { path, content, parent, message = `Write ${path}` }: Omit<FileOnBranch, 'branch'> & { message?: string },
): Promise<string> {
  const base = (await rest.git.getCommit({ ...repository, commit_sha: parent })).data.tree.sha;
  const entry = { path, mode: '100644', type: 'blob', content } as const;
  const { data: tree } = await rest.git.createTree({ ...repository, base_tree: base, tree: [entry] });
  const { data } = await rest.git.createCommit({ ...repository, message, tree: tree.sha, parents: [parent] });
  return data.sha;
}

/** Commits one file and lets a branch point at it, whatever it pointed at; gives the commit. */
export async function writeBranch(
  rest: Rest,
  repository: { owner: string; repo: string },
  { branch, ...file }: FileOnBranch,
): Promise<string> {
  const sha = await commitFile(rest, repository, file);
  const ref = `heads/${branch}`;
  const known = await rest.git.listMatchingRefs({ ...repository, ref });
  if (known.data.some((found) => found.ref === `refs/${ref}`)) {
    await rest.git.updateRef({ ...repository, ref, sha, force: true });
  } else {
    await rest.git.createRef({ ...repository, ref: `refs/${ref}`, sha });
  }
  return sha;
}
