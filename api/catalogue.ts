import type { Manifest } from '../contract/connector.ts';

/** A connector as lists of the catalogue show it. */
export function catalogueEntry({ id, name, summary, category, capabilities, difficulty, docs }: Manifest) {
  return { id, name, summary, category, capabilities, difficulty, docs };
}

/** A connector with its texts, form fields, options and compatibility: the manifest's data without its code. */
export function catalogueDetails(manifest: Manifest) {
  const { version, description, credentialFields, optionFields, hosts, compatibility, singleton } = manifest;
  return {
    ...catalogueEntry(manifest),
    version,
    description,
    credentialFields,
    optionFields,
    hosts,
    compatibility,
    singleton,
  };
}
