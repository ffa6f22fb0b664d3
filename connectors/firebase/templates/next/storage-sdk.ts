import { firebaseApp } from '../firebase-app';

/** A file of the browser, or anything else that has bytes. */
export type LocalFile = Blob;

/** What `files.ts` needs of Storage; undefined while a value is missing. */
export async function loadStorage() {
  if (!firebaseApp) return undefined;
  const { getDownloadURL, getStorage, ref, uploadBytesResumable } =
    await import('firebase/storage');
  const storage = getStorage(firebaseApp);
  return {
    upload: async (path: string, file: LocalFile, contentType: string) => {
      await uploadBytesResumable(ref(storage, path), file, { contentType });
    },
    link: (path: string) => getDownloadURL(ref(storage, path)),
  };
}
