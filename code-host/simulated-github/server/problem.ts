import type { Repository } from '../state.ts';

/** What GitHub answers when it does not do what it was asked. */
export class Problem extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: {
      errors?: readonly (FieldProblem | string)[];
      headers?: Record<string, string>;
      documentation?: string;
      noBody?: boolean;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = more.headers ?? {};
    this.body = more.noBody
      ? null
      : {
          message,
          ...(more.errors && { errors: more.errors }),
          ...(more.documentation && { documentation_url: more.documentation }),
        };
  }
}

/** One entry of `errors` in a 422. */
export interface FieldProblem {
  resource?: string;
  field?: string;
  code: string;
  message?: string;
  value?: string | null;
}

/** 404, which is also what GitHub says of private things that the token cannot see. */
export function notFound(): Problem {
  return new Problem(404, 'Not Found');
}

/** 422 with `errors`, as GitHub's models answer. */
export function validationFailed(...errors: FieldProblem[]): Problem {
  return new Problem(422, 'Validation Failed', { errors });
}

/** 422 as GitHub answers when the body does not have the described shape. */
export function invalidRequest(why: string): Problem {
  return new Problem(422, `Invalid request.\n\n${why}`);
}

/** Throws the 409 that the git endpoints give before the first push. */
export function checkNotEmpty(repository: Repository): void {
  if (Object.keys(repository.refs).length === 0) throw new Problem(409, 'Git Repository is empty.');
}
