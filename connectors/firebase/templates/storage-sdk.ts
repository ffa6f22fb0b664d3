import { getDownloadURL, getStorage, ref, uploadBytesResumable } from 'firebase/storage';

import { firebaseApp } from './firebase-app';

/** Where a file is on the device, as a URI. */
export type LocalFile = string;

/** What `files.ts` needs of Storage; undefined while a value is missing. */
export async function loadStorage() {
  if (!firebaseApp) return undefined;
  const storage = getStorage(firebaseApp);
  return {
    upload: async (path: string, uri: LocalFile, contentType: string) => {
      const file = await (await fetch(uri)).blob();
      await uploadBytesResumable(ref(storage, path), file, { contentType });
    },
    link: (path: string) => getDownloadURL(ref(storage, path)),
  };
}
