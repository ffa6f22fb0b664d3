const address = process.env.EXPO_PUBLIC_SUPABASE_URL ?? '';

/** Undefined while the environment has no value: the app renders, and whatever asks Supabase says what is missing. */
export const projectUrl = /^https?:\/\/[a-z0-9][a-z0-9.-]*(:\d+)?$/i.test(address)
  ? address
  : undefined;
export const publishableKey = process.env.EXPO_PUBLIC_SUPABASE_PUBLISHABLE_KEY;

/** What every function answers while a value is missing; `message` says how to bring it. */
export interface NotConfigured {
  status: 'not_configured';
  key: string;
  message: string;
}

/** What went wrong at Supabase or on the way, as a sentence. */
export interface Failed {
  status: 'failed';
  message: string;
}

// @if ownSession
/** Keeps the session of this project apart from those of other clients in the app. */
export const storageKey = '__NAME__-session';

// @end
let missingKey = 'EXPO_PUBLIC_SUPABASE_URL';
if (projectUrl) missingKey = 'EXPO_PUBLIC_SUPABASE_PUBLISHABLE_KEY';

export const notConfigured: NotConfigured = {
  status: 'not_configured',
  key: missingKey,
  message:
    `${missingKey} is not set. Bring it into .env.local: in Graft, run ` +
    '`npm run -s env -- pull <project> <environment> --to <app>`. Then restart the app.',
};
// @if storage

/** The bucket of Storage that files go to. */
export const bucket = '__BUCKET__';
// @end
// @if accountDeletion

// @if sameOrigin
/** Where `server/` runs: empty means the app's own API routes. */
// @end
// @if !sameOrigin
/** Where `server/` runs, such as `https://api.example.com`. */
// @end
export const serverUrl: string = '__SERVER_URL__';
// @end
