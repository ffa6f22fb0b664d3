import type { z } from 'zod';
import type { Environment, Framework, LocalText } from './closed-sets.ts';

/** One value a person pastes; `environmentKey` is the name under which the app reads it. */
export interface CredentialField {
  name: string;
  label: LocalText;
  help: LocalText;
  /** A secret may never stand under a name that is built into the app (`EXPO_PUBLIC_…`, `NEXT_PUBLIC_…`). */
  secret: boolean;
  required: boolean;
  placeholder: string;
  environmentKey: string;
  /** Where a person finds the value. */
  url: string;
}

export interface OptionField {
  name: string;
  label: LocalText;
  help: LocalText;
  type: 'boolean' | 'text' | 'choice';
  default: boolean | string;
  choices?: readonly string[];
}

/** Everything about a connector that is data: the catalogue entry, its forms and its limits. */
export interface Manifest {
  id: string;
  name: string;
  /** Version of the templates; kept in the ownership record. */
  version: string;
  summary: LocalText;
  description: LocalText;
  category: 'payments' | 'database' | 'authentication' | 'purchases' | 'messaging';
  capabilities: readonly string[];
  difficulty: 'easy' | 'medium' | 'advanced';
  docs: string;
  credentialFields: readonly CredentialField[];
  optionFields: readonly OptionField[];
  /** Strict; an issue's message is the fix that a person reads. */
  credentials: z.ZodType<Record<string, string | undefined>>;
  options: z.ZodType<Record<string, unknown>>;
  /**
   * The only hosts that a probe may call, each by its whole name. `*.example.com` where every customer has a host of their own:
   * exactly one label in front of a domain that is the provider's alone.
   */
  hosts: readonly string[];
  compatibility: Partial<Record<Framework, FrameworkCompatibility>>;
  /** An app can hold the SDK only once, so a second alias is refused. */
  singleton: boolean;
  /** Test or live mode as the credentials' own form tells it, where the provider has modes. */
  modeOf(credentials: Record<string, string | undefined>): 'test' | 'live' | undefined;
}

export interface FrameworkCompatibility {
  /** Major versions of the framework this connector was tested with. */
  majors: readonly number[];
  /** package → major version of the framework → the exact version that belongs to it. */
  packages: Readonly<Record<string, Readonly<Record<number, string>>>>;
  /** The provider's guide for this framework, where it is another than the manifest's. */
  docs?: string;
}

/** What a contribution may know of the app: facts read from the base commit, never the repository itself. */
export interface AppFacts {
  framework: Framework;
  /** Exact version of the framework, or the lowest its range allows when there is no lock file. */
  version: string;
  major: number;
  /** `javascript` in an app without `tsconfig.json`. */
  language: 'typescript' | 'javascript';
  router: 'none' | 'expo-router' | 'next-app' | 'next-pages';
  /** Folder of the app's own sources, relative to the app: empty or `src`. */
  sourceDir: string;
  /** The router's folder relative to the app (`app`, `src/app`; `pages`, `src/pages` in Next.js), empty without a router. */
  routesDir: string;
  /** API routes run: `web.output` of Expo is `server`, or Next.js does not export plain files. */
  serverRoutes: boolean;
  /** URL scheme of the app when it has one, for redirects back into it. */
  scheme: string | undefined;
  /** Path below which Next.js serves the whole app, such as `/shop`; none at the root. */
  basePath?: string;
  /** What the app's own Expo SDK brings, where that is none of those that the connector was tested with. */
  bundled?: BundledVersions;
}

/** Package → the version range that belongs to one version of the Expo SDK. */
export type BundledVersions = Readonly<Record<string, string>>;

export interface ContributionInput {
  app: AppFacts;
  alias: string;
  options: Record<string, unknown>;
  /** What a probe told of the account; a connector has to do without it too. */
  discovered?: Discovered | undefined;
}

/** Of the account at the provider, for code that is generated from it: JSON, and no secret in it. */
export type Discovered = Readonly<Record<string, unknown>>;

export interface EnvironmentKey {
  key: string;
  /** Name of the credential field whose value it carries. */
  credential: string;
  secret: boolean;
  /** One line for `.env.example`. */
  comment: string;
}

/** A file that is wholly ours; `path` is relative to the app. */
export interface OwnedFile {
  path: string;
  text: string;
  /** Why it is there, for the pull request. */
  purpose: string;
  /** Written from what the provider told, or an example where it told nothing, which never takes the place of the former. */
  source?: 'provider' | 'example';
  /** Of an example: the lines of it that the files beside it cannot do without; the first tells that they are there. */
  needed?: string;
}

/** A server module of the app that the pipeline runs in Node against the provider's simulator. */
export interface ServerCheck {
  name: string;
  /** Path of the generated module, relative to the app, and the handler it exports: `(request: Request) => Promise<Response>`. */
  module: string;
  export: string;
  environment: Readonly<Record<string, string>>;
  request: { method: string; url: string; headers?: Readonly<Record<string, string>>; body?: string };
  /** The answer must have this status, and its JSON body these keys with values that match the given patterns. */
  expect: { status: number; body: Readonly<Record<string, string>> };
}

export interface NextStep {
  /** `untested`: a warning that stands before all else. */
  kind: 'untested' | 'build' | 'values' | 'use' | 'provider';
  text: LocalText;
  /** A command or the lines of code that show it working. */
  snippet?: string;
}

/** How people set an SDK up in an app by hand: what they use of a module of its package to do so. */
export interface SdkSetUp {
  /** The package, or a path in it (`firebase/app`). */
  module: string;
  /** Exports of the module, or members of its default export. */
  names: readonly string[];
}

/** What a connector wants in an app, as data. */
export interface Contribution {
  /** Of an SDK that must not be set up twice: an app that does it by hand is refused. */
  setUp?: SdkSetUp;
  packages: readonly { name: string; range: string }[];
  configPlugins: readonly { name: string; props?: Readonly<Record<string, unknown>> }[];
  environmentKeys: readonly EnvironmentKey[];
  /** Component that wraps the app, exported by `module` (path of one of `files`, relative to the app). */
  provider: { component: string; module: string } | undefined;
  files: readonly OwnedFile[];
  serverChecks: readonly ServerCheck[];
  /** What a device must be asked for, for the pull request: permissions, capabilities, new native code. */
  nativeChanges: readonly string[];
  nextSteps: readonly NextStep[];
}

/** HTTP for probes: only the manifest's hosts, https, no redirects, no private address, 10 s, 1 MB. */
export interface ProbeHttp {
  fetch: typeof globalThis.fetch;
}

/** What one read-only call to the provider told. */
export interface ConnectionReport {
  /** The account at the provider, as people know it. */
  account: string;
  mode: 'test' | 'live' | undefined;
  /** Sentences for people: what was checked and what could not be. */
  notes: readonly string[];
}

/** With it, what code can be generated from; it goes to the database, never through a workflow. */
export interface ProbeResult extends ConnectionReport {
  discovered?: Discovered;
}

export interface ProbeInput {
  credentials: Record<string, string | undefined>;
  options: Record<string, unknown>;
  environment: Environment;
  http: ProbeHttp;
}

/** Proves the credentials by reading; throws `credentials_rejected`, `permission_missing`, `mode_mismatch` or `provider_unavailable`. */
export type Probe = (input: ProbeInput) => Promise<ProbeResult>;

export interface Simulator {
  /** `http://127.0.0.1:port`, in place of every host of the manifest. */
  url: string;
  close(): Promise<void>;
}

/** The provider over HTTP on loopback, for tests, the demo and tier 3; knows only Node. */
export type StartSimulator = (options?: { port?: number }) => Promise<Simulator>;

/** How a connector's secrets are renewed at the provider. */
export interface Rotation {
  /** Credential fields that can be renewed. */
  credentials: readonly string[];
  /** `guided`: the provider has no call for it, so a person does the steps and pastes the new value. */
  kind: 'guided';
  /** May the old and the new value work side by side, and for how many hours at most as far as the provider says? */
  overlap: { possible: boolean; hours: number | undefined };
  steps: readonly LocalText[];
}

export interface Connector {
  manifest: Manifest;
  rotation: Rotation;
  contribute(input: ContributionInput): Contribution;
  loadProbe(): Promise<Probe>;
  loadSimulator(): Promise<StartSimulator>;
}
