/** Files that travel between workers, by SHA-256 and per project; what is in it never changes. */
export interface ArtifactStore {
  /** Stores bytes for a project and gives their SHA-256 in hex; the same bytes again are fine. */
  put(project: string, bytes: Uint8Array): Promise<string>;
  /** Gives bytes whose hash was computed again; throws `not_found`, and `artifact_damaged` when it differs. */
  get(project: string, sha256: string): Promise<Uint8Array>;
  /** Removes what was last put more than this many days ago, in all projects; gives how many. */
  removeOlderThan(days: number): Promise<number>;
}
