import { type Reason, answersTo } from './closed-sets.ts';

/** The HTTP status of each code that is not a reason to wait for people. */
const statusOfCode = {
  invalid_request: 422,
  unsupported_app: 422,
  unsupported_sdk: 422,
  requirement_missing: 422,
  environment_key_taken: 409,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  already_installed: 409,
  declined_before: 409,
  operation_in_progress: 409,
  options_differ: 409,
  answer_not_accepted: 409,
  already_merged: 409,
  not_active: 409,
  project_exists: 409,
  idempotency_key_reused: 409,
  body_too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  unavailable: 503,
  cannot_edit: 422,
  binding_mismatch: 500,
  schema_mismatch: 500,
  bad_key_file: 500,
  cannot_open: 500,
  artifact_damaged: 500,
  internal: 500,
} as const;

export type ErrorCode = keyof typeof statusOfCode | Reason;

/** Is this string one of the closed codes? */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (Object.hasOwn(statusOfCode, value) || Object.hasOwn(answersTo, value));
}

/** A field of a request that is wrong, and what to do about it. */
export interface FieldFault {
  field: string;
  fix: string;
}

export interface GraftErrorInit {
  cause?: unknown;
  fields?: readonly FieldFault[];
  /** Facts for the reader, such as the id of the operation in the way; never a secret. */
  details?: Readonly<Record<string, unknown>>;
  /** After how many seconds another try makes sense. */
  retryAfterSeconds?: number;
}

/** The one error class: a closed code, and a message that says what to do next. */
export class GraftError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldFault[];
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, init: GraftErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'GraftError';
    this.code = code;
    this.fields = init.fields ?? [];
    this.details = init.details ?? {};
    this.retryAfterSeconds = init.retryAfterSeconds;
  }
}

/** The HTTP status for a code; a reason to wait for people is a conflict with the state of things outside. */
export function httpStatusOf(code: ErrorCode): number {
  if (code in answersTo) return 409;
  return statusOfCode[code as keyof typeof statusOfCode];
}

/** May the same call succeed later with nothing changed by a person? Everything else is final until somebody acts. */
export function isTransient(code: ErrorCode): boolean {
  return code === 'provider_unavailable' || code === 'internal' || isOutage(code);
}

/** Is something outside away, or asking for fewer requests? That passes without anybody doing anything. */
export function isOutage(code: string | null | undefined): boolean {
  return code === 'unavailable' || code === 'rate_limited';
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
