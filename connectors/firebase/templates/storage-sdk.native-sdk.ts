import { isConfigured } from './firebase-app';

/** Where a file is on the device, as a URI. */
export type LocalFile = string;

/** What `files.ts` needs of Storage; undefined without native code. */
export async function loadStorage() {
  if (!isConfigured) return undefined;
  const { getDownloadURL, getStorage, putFile, ref } =
    await import('@react-native-firebase/storage');
  const storage = getStorage();
  return {
    upload: async (path: string, uri: LocalFile, contentType: string) => {
      await putFile(ref(storage, path), uri, { contentType });
    },
    link: (path: string) => getDownloadURL(ref(storage, path)),
  };
}
