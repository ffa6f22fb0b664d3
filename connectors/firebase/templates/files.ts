// @if auth
import { loadAuth } from './auth-sdk';
// @end
import { type Failed, failed, type NotConfigured } from './config';
import { notConfigured } from './firebase-app';
import { loadStorage, type LocalFile } from './storage-sdk';

/** Why nothing was uploaded. */
export type Refused = /* @if auth */{ status: 'signed_out' } | /* @end */Failed | NotConfigured;
export type UploadResult = { status: 'uploaded'; path: string } | Refused;
export type LinkResult = { status: 'made'; url: string } | Failed | NotConfigured;

// @if !next
/** Puts a file of the device, such as an image picker's `uri`, into Storage; its `path` there makes links. Never rejects. */
// @end
// @if next
/** Puts a file, such as one of an `<input type="file">`, into Storage; its `path` there makes links. Never rejects. */
// @end
export async function uploadFile(
  file: LocalFile,
  name: string,
  contentType: string,
): Promise<UploadResult> {
  try {
    const storage = await loadStorage();
    if (!storage) return notConfigured;
    // @if auth
    const uid = (await loadAuth())?.auth.currentUser?.uid;
    if (!uid) return { status: 'signed_out' };
    // Everybody has a folder of their own, which the rules of Storage go by.
    // @end
    const path = ['files', /* @if auth */uid, /* @end */name].join('/');
    await storage.upload(path, file, contentType);
    return { status: 'uploaded', path };
  } catch (error) {
    return failed(error);
  }
}

/** A link to a file of Storage, which is good for whoever has it. */
export async function linkTo(path: string): Promise<LinkResult> {
  try {
    const storage = await loadStorage();
    if (!storage) return notConfigured;
    return { status: 'made', url: await storage.link(path) };
  } catch (error) {
    return failed(error);
  }
}
