import { parse, stringify } from 'yaml';
import { fieldsOf } from './json-fields.ts';
import { type Hosts, publicRegistries } from './specifier.ts';

/** Settings that shape the tree or the lock file and can neither run nor reach anything, as npm and pnpm name them in `.npmrc`. */
const npmSettings =
  /^(?:legacy-peer-deps|strict-peer-deps|install-strategy|install-links|lockfile-version|omit-lockfile-registry-resolved|prefer-dedupe|node-linker|hoist|shamefully-hoist|auto-install-peers|dedupe-peer-dependents|dedupe-direct-deps|strict-peer-dependencies|resolution-mode|link-workspace-packages|prefer-workspace-packages|inject-workspace-packages|shared-workspace-lockfile|save-workspace-protocol|exclude-links-from-lockfile|lockfile-include-tarball-url|resolve-peers-from-workspace-root|peers-suffix-max-length|virtual-store-dir-max-length)\s*=\s*[\w-]*$/;
const hoistPatterns = /^(?:hoist-pattern|public-hoist-pattern)\[\]\s*=\s*[\w*@/!.-]*$/;

/** The same of `pnpm-workspace.yaml`. */
const pnpmSettings = new Set(
  'packages catalog catalogs overrides packageExtensions peerDependencyRules allowedDeprecatedVersions patchedDependencies nodeLinker hoist hoistPattern publicHoistPattern shamefullyHoist autoInstallPeers dedupePeerDependents dedupeDirectDeps dedupeInjectedDeps strictPeerDependencies resolutionMode resolvePeersFromWorkspaceRoot linkWorkspacePackages preferWorkspacePackages injectWorkspacePackages sharedWorkspaceLockfile saveWorkspaceProtocol excludeLinksFromLockfile lockfileIncludeTarballUrl peersSuffixMaxLength virtualStoreDirMaxLength supportedArchitectures ignoredOptionalDependencies onlyBuiltDependencies neverBuiltDependencies ignoredBuiltDependencies allowBuilds minimumReleaseAge minimumReleaseAgeExclude minimumReleaseAgeStrict trustPolicy trustPolicyExclude blockExoticSubdeps'.split(
    ' ',
  ),
);

/** The same of `.yarnrc.yml`. */
const yarnSettings = new Set(
  'nodeLinker nmHoistingLimits nmMode nmSelfReferences defaultProtocol defaultSemverRangePrefix catalog catalogs packageExtensions supportedArchitectures compressionLevel checksumBehavior enableTransparentWorkspaces npmMinimalAgeGate npmPreapprovedPackages preferDeferredVersions preferAggregateCacheInfo'.split(
    ' ',
  ),
);

/** Lines of `[install]` in bunfig.toml. */
const bunSettings =
  /^(?:optional|dev|peer|production|exact|saveTextLockfile|linker|minimumReleaseAge)\s*=\s*(?:\w+|"[\w-]*")$/;

/** What is left of `.npmrc`: harmless settings, and registries that the operator allows. */
export function reduceNpmrc(text: string, hosts: Hosts): string {
  const kept = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => {
      const registry = /^(?:@[\w.-]+:)?registry\s*=\s*(\S+)$/.exec(line)?.[1];
      if (registry === undefined) return npmSettings.test(line) || hoistPatterns.test(line);
      return isAllowed(registry, hosts);
    });
  return kept.map((line) => `${line}\n`).join('');
}

/** What is left of `pnpm-workspace.yaml`; throws what the parser throws. */
export function reducePnpmWorkspace(text: string): string {
  return keep(text, (key) => pnpmSettings.has(key));
}

/** What is left of `.yarnrc.yml`, without plugins and `yarnPath`, which are code; throws what the parser throws. */
export function reduceYarnrc(text: string, hosts: Hosts): string {
  const scopes = Object.entries(fieldsOf(fieldsOf(parse(text))['npmScopes'])).flatMap(([scope, settings]) => {
    const { npmRegistryServer } = fieldsOf(settings);
    return typeof npmRegistryServer === 'string' && isAllowed(npmRegistryServer, hosts)
      ? [[scope, { npmRegistryServer }] as const]
      : [];
  });
  const reduced = keep(text, (key) => yarnSettings.has(key));
  return scopes.length === 0 ? reduced : reduced + stringify({ npmScopes: Object.fromEntries(scopes) });
}

/** What is left of `bunfig.toml`. */
export function reduceBunfig(text: string): string {
  const install = /^\[install\][ \t]*$([^[]*)/m.exec(text)?.[1] ?? '';
  const kept = install
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => bunSettings.test(line));
  return kept.length === 0 ? '' : `[install]\n${kept.join('\n')}\n`;
}

function isAllowed(registry: string, hosts: Hosts): boolean {
  if (!URL.canParse(registry)) return false;
  const { host, username } = new URL(registry);
  return (hosts.has(host) || publicRegistries.has(host)) && username === '';
}

function keep(text: string, isKept: (key: string) => boolean): string {
  const kept = Object.entries(fieldsOf(parse(text))).filter(([key]) => isKept(key));
  return kept.length === 0 ? '' : stringify(Object.fromEntries(kept));
}
