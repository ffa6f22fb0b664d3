/** What an encrypted credential version belongs to; a ciphertext opens only in its own place. */
export interface VersionPlace {
  project: string;
  installation: string;
  version: string;
}

/** One credential version as it is stored; plain data, all bytes in base64. */
export interface EncryptedVersion {
  format: 1;
  /** Key of the key ring that wraps the data key. */
  keyId: string;
  /** Commits to the key ring's key and to the data key: both are compared before they open anything. */
  commitment: { wrapping: string; data: string };
  /** The data key under the key ring's key: nonce and ciphertext. */
  wrappedKey: string;
  /** Field name → its value under the data key: nonce and ciphertext, padded to hide the length. */
  fields: Readonly<Record<string, string>>;
}
