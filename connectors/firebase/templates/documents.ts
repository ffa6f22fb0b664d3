// @if auth
import { loadAuth } from './auth-sdk';
// @end
import { type Failed, failed, type NotConfigured } from './config';
import { notConfigured } from './firebase-app';
import { loadFirestore } from './firestore-sdk';

export interface Document {
  id: string;
  data: Record<string, unknown>;
}

/** Why there was nothing to do. */
export type Refused = /* @if auth */{ status: 'signed_out' } | /* @end */Failed | NotConfigured;
export type DocumentsResult = { status: 'loaded'; documents: Document[] } | Refused;
export type AddResult = { status: 'added'; id: string } | Refused;

// @if auth
/** Opens `__COLLECTION__` of the signed-in person: everybody has their own, which the rules of the database go by. */
// @end
// @if !auth
/** Opens `__COLLECTION__`. */
// @end
async function open() {
  const loaded = await loadFirestore();
  if (!loaded) return notConfigured;
  const { sdk, firestore } = loaded;
  // @if auth
  const uid = (await loadAuth())?.auth.currentUser?.uid;
  if (!uid) return { status: 'signed_out' } as const;
  // @end
  const collection = sdk.collection(firestore, /* @if auth */'users', uid, /* @end */'__COLLECTION__');
  return { status: 'open', sdk, collection } as const;
}

/** Documents of `__COLLECTION__` that the rules let this person read. */
export async function readDocuments(limit = 50): Promise<DocumentsResult> {
  try {
    const opened = await open();
    if (opened.status !== 'open') return opened;
    const { sdk, collection } = opened;
    const { docs } = await sdk.getDocs(sdk.query(collection, sdk.limit(limit)));
    return { status: 'loaded', documents: docs.map((one) => ({ id: one.id, data: one.data() })) };
  } catch (error) {
    return failed(error);
  }
}

/** Adds a document, where the rules let this person; without a connection it waits for one. */
export async function addDocument(data: Document['data']): Promise<AddResult> {
  try {
    const opened = await open();
    if (opened.status !== 'open') return opened;
    const { id } = await opened.sdk.addDoc(opened.collection, data);
    return { status: 'added', id };
  } catch (error) {
    return failed(error);
  }
}

/** Calls `onResult` now and after each change, until the function that it gives is called. */
export async function followDocuments(
  onResult: (result: DocumentsResult) => void,
  limit = 50,
): Promise<() => void> {
  const ended = () => {};
  try {
    const opened = await open();
    if (opened.status !== 'open') {
      onResult(opened);
      return ended;
    }
    const { sdk, collection } = opened;
    return sdk.onSnapshot(
      sdk.query(collection, sdk.limit(limit)),
      ({ docs }) => {
        const documents = docs.map((one) => ({ id: one.id, data: one.data() }));
        onResult({ status: 'loaded', documents });
      },
      (error) => onResult(failed(error)),
    );
  } catch (error) {
    onResult(failed(error));
    return ended;
  }
}
