/** What every function answers while a value is missing; `message` says how to bring it. */
export interface NotConfigured {
  status: 'not_configured';
  key: string;
  message: string;
}

/** What went wrong at Firebase or on the way, as a sentence, with Firebase's own code where there is one. */
export interface Failed {
  status: 'failed';
  code: string;
  message: string;
}

/** An error of one of Firebase's packages as an answer. */
export function failed(error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return { status: 'failed', code, message };
}
