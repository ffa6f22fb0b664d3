// @if provisional
import { Platform } from 'react-native';

// @end
import { appId, missingKey } from './config';
import { loadSdk, type Sdk, unsupported } from './sdk';

export type Problem =
  | { status: 'failed'; message: string }
  /** A value is missing in the app; `message` says how to bring it. */
  | { status: 'not_configured'; key: string; message: string };

export type Result = { status: 'done' } | Problem;

type Setup = { status: 'ready'; sdk: Sdk } | Problem;
let setup: Promise<Setup> | undefined;

/** Initializes the SDK the first time; gives it, or what stands in the way. Never rejects. */
export function setUp(): Promise<Setup> {
  setup ??= initialize();
  return setup;
}

async function initialize(): Promise<Setup> {
  if (unsupported) return { status: 'failed', message: unsupported };
  if (!appId) return { status: 'not_configured', ...missingKey };
  try {
    const sdk = await loadSdk();
    sdk.initialize(appId);
    // @if !inAppMessages
    sdk.InAppMessages.setPaused(true);
    // @end
    // @if start
    // Nothing waits for the answer; `readPermission` knows it.
    void sdk.Notifications.requestPermission(false).catch(() => undefined);
    // @end
    // @if provisional
    if (Platform.OS === 'ios') {
      sdk.Notifications.registerForProvisionalAuthorization(() => undefined);
    }
    // @end
    return { status: 'ready', sdk };
  } catch (error) {
    return failure(error);
  }
}

/** Runs `work` with the SDK set up; whatever goes wrong is a result too. */
export async function withSdk<Outcome>(
  work: (sdk: Sdk) => Outcome | Promise<Outcome>,
): Promise<Outcome | Problem> {
  const ready = await setUp();
  if (ready.status !== 'ready') return ready;
  try {
    return await work(ready.sdk);
  } catch (error) {
    return failure(error);
  }
}

/** Has `listen` listen through the SDK until the function that this gives is called. */
export function listening(listen: (sdk: Sdk) => () => void): () => void {
  let left = false;
  let stop: (() => void) | undefined;
  void withSdk((sdk) => {
    if (!left) stop = listen(sdk);
  });
  return () => {
    left = true;
    stop?.();
  };
}

/** Ties this device to the person who signed in to the app, by your id of them. Never rejects. */
export function signIn(externalId: string): Promise<Result> {
  return run((sdk) => sdk.login(externalId));
}

/** Goes back to a user without a name. Never rejects. */
export function signOut(): Promise<Result> {
  return run((sdk) => sdk.logout());
}

/** Marks the user with a word to send by, such as `plan` and `pro`. Never rejects. */
export function addTag(key: string, value: string): Promise<Result> {
  return run((sdk) => sdk.User.addTag(key, value));
}

export function removeTag(key: string): Promise<Result> {
  return run((sdk) => sdk.User.removeTag(key));
}

/** Runs a call of the SDK that gives nothing. */
export function run(call: (sdk: Sdk) => void): Promise<Result> {
  return withSdk((sdk): Result => {
    call(sdk);
    return { status: 'done' };
  });
}

function failure(error: unknown): Problem {
  return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
}
