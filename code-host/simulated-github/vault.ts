import sodium from 'libsodium-wrappers';
import type { Vault } from './state.ts';
import { newId, type World } from './world.ts';

/** An empty vault with a key pair of its own. */
export async function newVault(world: World): Promise<Vault> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  const { ORIGINAL } = sodium.base64_variants;
  return {
    keyId: `5680443688${String(newId(world)).padStart(8, '0')}`,
    publicKey: sodium.to_base64(publicKey, ORIGINAL),
    privateKey: sodium.to_base64(privateKey, ORIGINAL),
    secrets: {},
    variables: {},
  };
}

/** The text in a sealed box, undefined when the vault's key does not open it. */
export async function openBox(vault: Vault, box: string): Promise<string | undefined> {
  await sodium.ready;
  const { ORIGINAL } = sodium.base64_variants;
  try {
    const opened = sodium.crypto_box_seal_open(
      sodium.from_base64(box, ORIGINAL),
      sodium.from_base64(vault.publicKey, ORIGINAL),
      sodium.from_base64(vault.privateKey, ORIGINAL),
    );
    return Buffer.from(opened).toString();
  } catch {
    return undefined;
  }
}
