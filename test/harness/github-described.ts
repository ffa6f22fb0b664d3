import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { githubDescription, type Description, type Operation, type Parameter, type Schema } from './github-openapi.ts';

/** What travelled, as far as it is checked. */
export interface Exchange {
  method: string;
  /** Path and query. */
  url: string;
  request: { type: string; body: Buffer };
  reply: { status: number; type: string; body: Buffer };
}

/** What GitHub does although its description does not say so, and why we hold that. */
const undescribedStatuses: readonly { status: number; path?: RegExp; method?: string; why: string }[] = [
  { status: 304, why: 'conditional requests are documented for every GET' },
  { status: 400, why: 'a body that is no JSON, documented for every request with one' },
  { status: 401, why: 'a wrong token is documented for the whole API' },
  { status: 403, why: 'missing permissions and rate limits are documented for the whole API' },
  { status: 404, why: 'what a token may not see is "not found", documented for the whole API' },
  { status: 422, why: 'validation errors are documented for the whole API' },
  { status: 429, why: 'rate limits are documented for the whole API' },
  { status: 409, path: /\/variables(\/|$)/, why: 'seen at GitHub: "Already exists - Variable already exists"' },
  { status: 502, why: 'a fault of the proxy before the request arrives' },
];

/** Addresses that are no part of the REST description. */
const outside: readonly { path: RegExp; why: string }[] = [
  { path: /^\/graphql$/, why: 'GraphQL has its own schema' },
  { path: /^\/codeload\//, why: 'where a tarball request is sent on to; another host at GitHub' },
  { path: /^\/[^/]+\/[^/]+\.git\//, why: 'git over HTTP' },
];

// These may hold slashes that a client need not encode.
const greedy = ['ref', 'basehead', 'branch', 'path'];

interface Described {
  operation: Operation;
  path: string;
  shape: RegExp;
}

export type Checker = (exchange: Exchange) => string[];

let making: Promise<Checker> | undefined;

/** The function that finds what in a request and its reply is not as GitHub describes it; what it compiled it keeps. */
export function describedChecker(): Promise<Checker> {
  return (making ??= makeChecker());
}

async function makeChecker(): Promise<Checker> {
  const description = await githubDescription();
  const operations = operationsOf(description);
  const validators = makeValidators(description);
  return ({ method, url, request, reply }) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (outside.some(({ path }) => path.test(pathname))) return [];
    const found = operations.get(method)?.find(({ shape }) => shape.test(pathname));
    // What GitHub does not know either is a 404 there too.
    if (found === undefined) return [`${method} ${pathname} is not described`];
    const { operation, path, shape } = found;
    const where = `${method} ${path}`;
    const params = shape.exec(pathname)?.groups ?? {};
    return [
      ...parameterFaults(description, validators, operation, params, searchParams),
      ...requestFaults(validators, where, operation, request, reply.status),
      ...replyFaults(description, validators, where, { method, pathname }, operation, reply),
    ];
  };
}

function operationsOf(description: Description): ReadonlyMap<string, Described[]> {
  const operations = new Map<string, (Described & { fixed: number })[]>();
  for (const [path, methods] of Object.entries(description.paths)) {
    const pattern = path.replaceAll('.', '\\.').replace(/\{([\w-]+)\}/g, (_, name: string) => {
      const group = name.replaceAll('-', '_');
      return greedy.includes(name) ? `(?<${group}>.+)` : `(?<${group}>[^/]+)`;
    });
    const fixed = path.replace(/\{[\w-]+\}/g, '').length;
    for (const [method, operation] of Object.entries(methods)) {
      const key = method.toUpperCase();
      const list = operations.get(key) ?? [];
      list.push({ operation, path, shape: new RegExp(`^${pattern}$`), fixed });
      operations.set(key, list);
    }
  }
  for (const list of operations.values()) list.sort((one, other) => other.fixed - one.fixed);
  return operations;
}

interface Validators {
  /** Faults of a JSON value. */
  body(key: string, schema: Schema, value: unknown): string[];
  /** Faults of a text that stands for a value, in a path or query. */
  text(key: string, schema: Schema, value: string): string[];
}

function makeValidators(description: Description): Validators {
  const formats = {
    int32: true,
    int64: true,
    float: true,
    double: true,
    binary: true,
    password: true,
    'repo.nwo': true,
  } as const;
  const schemas = jsonSchemaOf(description.components.schemas);
  const make = (coerceTypes: boolean) => {
    const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes, formats });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'github', components: { schemas } });
    const compiled = new Map<string, ValidateFunction>();
    return (key: string, schema: Schema, value: unknown): string[] => {
      const validate = compiled.get(key) ?? ajv.compile(jsonSchemaOf(schema) as Schema);
      compiled.set(key, validate);
      if (validate(coerceTypes ? { value } : value)) return [];
      return (validate.errors ?? []).slice(0, 5).map((error) => {
        const more = error.params['additionalProperty'] ?? error.params['allowedValues'] ?? '';
        return `${error.instancePath || 'the whole'} ${error.message} ${JSON.stringify(more)}`;
      });
    };
  };
  const body = make(false);
  const text = make(true);
  return {
    body,
    text: (key, schema, value) => text(key, { type: 'object', properties: { value: schema } }, value),
  };
}

/** A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type, and references lead into the description. */
function jsonSchemaOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchemaOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example: _example, examples: _examples, ...rest } = schema as Record<string, unknown>;
  const converted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) converted[key] = jsonSchemaOf(value);
  const reference = converted['$ref'];
  if (typeof reference === 'string') converted['$ref'] = reference.replace(/^#/, 'github#');
  if (nullable !== true) return converted;
  if (typeof converted['type'] === 'string') {
    const values = converted['enum'];
    return {
      ...converted,
      type: [converted['type'], 'null'],
      ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }),
    };
  }
  return { anyOf: [converted, { type: 'null' }] };
}

function parameterFaults(
  description: Description,
  validators: Validators,
  operation: Operation,
  params: Readonly<Record<string, string>>,
  query: URLSearchParams,
): string[] {
  const parameters = (operation.parameters ?? []).map((one) =>
    '$ref' in one ? (resolve(description, one.$ref) as Parameter) : one,
  );
  const faults: string[] = [];
  for (const name of query.keys()) {
    if (!parameters.some((one) => one.in === 'query' && one.name === name))
      faults.push(`query: ${name} is not described`);
  }
  for (const { in: place, name, required, schema } of parameters) {
    if (place === 'header') continue;
    const raw = place === 'path' ? params[name.replaceAll('-', '_')] : (query.get(name) ?? undefined);
    if (raw === undefined) {
      if (required) faults.push(`${place}: ${name} is missing`);
      continue;
    }
    const value = place === 'path' ? decodeURIComponent(raw) : raw;
    const found = validators.text(JSON.stringify(schema), schema, value);
    faults.push(...found.map((fault) => `${place}: ${name}: ${fault}`));
  }
  return faults;
}

function requestFaults(
  validators: Validators,
  where: string,
  { requestBody }: Operation,
  { body }: Exchange['request'],
  status: number,
): string[] {
  // A client that sends nonsense on purpose is told so by the reply.
  if (status === 400 || status === 422) return [];
  if (body.length === 0) return requestBody?.required ? ['request: the body is missing'] : [];
  if (requestBody === undefined) return ['request: no body is described'];
  const schema = requestBody.content['application/json']?.schema;
  if (schema === undefined) return [];
  const faults = validators.body(`${where} request`, schema, JSON.parse(body.toString()));
  return faults.map((fault) => `request: ${fault}`);
}

function replyFaults(
  description: Description,
  validators: Validators,
  where: string,
  { method, pathname }: { method: string; pathname: string },
  operation: Operation,
  { status, type, body }: Exchange['reply'],
): string[] {
  const stated = operation.responses[String(status)];
  const response = stated && '$ref' in stated ? (resolve(description, stated.$ref) as { content?: never }) : stated;
  const allowed = undescribedStatuses.some(
    (one) =>
      one.status === status &&
      (one.path === undefined || one.path.test(pathname)) &&
      (one.method === undefined || one.method === method),
  );
  if (response === undefined) {
    if (!allowed) return [`reply: status ${status} is not described`];
    if (status === 304 || status === 502) return [];
    return validators
      .body('basic error', { $ref: '#/components/schemas/basic-error' }, parsed(body))
      .map((fault) => `reply: ${fault}`);
  }
  const content = response.content as Record<string, { schema?: Schema }> | undefined;
  if (content === undefined) {
    const plain = body.length === 0 || status >= 400;
    return plain ? [] : [`reply: a body with status ${status} is not described`];
  }
  if (!type.startsWith('application/json')) return [];
  const schema = (content['application/json'] ?? Object.values(content)[0])?.schema;
  if (schema === undefined) return [];
  return validators.body(`${where} ${status}`, schema, parsed(body)).map((fault) => `reply ${status}: ${fault}`);
}

function parsed(body: Buffer): unknown {
  return body.length === 0 ? undefined : JSON.parse(body.toString());
}

function resolve(description: Description, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], description);
}
