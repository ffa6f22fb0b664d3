type Values = Record<string, string>;
type Options = Record<string, unknown>;

/** How the connector's simulator behaves towards credentials that were made for it. */
export type Behaviour = 'good' | 'revoked' | 'expired' | 'narrow' | 'ratelimited' | 'unavailable' | 'nonsense' | 'slow';

/** What the suite cannot know of a connector by itself. */
export interface ConnectorSamples {
  /** Well-formed credentials that make the simulator behave so. */
  credentials(mode: 'test' | 'live', behaviour: Behaviour): Values;
  /** Changes to good credentials that the schema must refuse, the field it must name, and the fix it must give. */
  malformed: readonly { what: string; change: Record<string, unknown>; field: string; fix: RegExp }[];
  /** Options that the schema must refuse. */
  invalidOptions: readonly { what: string; options: Options; field: string; fix: RegExp }[];
  /** For each option two valid sets of options that differ in it alone. */
  optionPairs: Readonly<Record<string, readonly [Options, Options]>>;
  /** Sets of options that every app is generated with. */
  combinations: readonly Options[];
  /** The permission that a narrow key lacks. */
  permission: RegExp;
  /** Where the probe changes the credentials for an access token: the one address that it may POST to. */
  tokenUrl?: string;
}
