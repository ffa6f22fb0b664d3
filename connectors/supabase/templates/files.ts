import { supabase } from './client';
import { bucket, type Failed, type NotConfigured, notConfigured } from './config';

export type UploadResult = { status: 'uploaded'; path: string } | Failed | NotConfigured;
export type LinkResult = { status: 'made'; url: string } | Failed | NotConfigured;

// @if native
/** Puts a file of the device, such as an image picker's `uri`, into the bucket; its `path` there makes links. Never rejects. */
// @end
// @if web
/** Puts a file, such as one of an `<input type="file">`, into the bucket; its `path` there makes links. Never rejects. */
// @end
export async function uploadFile(
  file: string/* @if web */ | Blob/* @end */,
  name: string,
  contentType: string,
): Promise<UploadResult> {
  if (!supabase) return notConfigured;
  try {
    // @if auth
    const { data: current } = await supabase.auth.getSession();
    if (!current.session) return { status: 'failed', message: 'Sign in to upload files.' };
    // Everybody has a folder of their own, which the policies of the bucket go by.
    const folder = `${current.session.user.id}/`;
    // @end
    const body = /* @if web */typeof file !== 'string' ? file : /* @end */await (await fetch(file)).arrayBuffer();
    const files = supabase.storage.from(bucket);
    const { data, error } = await files.upload(/* @if auth */folder + /* @end */name, body, { contentType });
    if (error) return { status: 'failed', message: error.message };
    return { status: 'uploaded', path: data.path };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'failed', message: `The file could not be read: ${reason}` };
  }
}

/** A link to a file of the bucket that is good for so many seconds. */
export async function linkTo(path: string, seconds = 3600): Promise<LinkResult> {
  if (!supabase) return notConfigured;
  const { data, error } = await supabase.storage.from(bucket).createSignedUrl(path, seconds);
  if (error) return { status: 'failed', message: error.message };
  return { status: 'made', url: data.signedUrl };
}
