import { isDeepStrictEqual } from 'node:util';
import { GraftError } from '../contract/errors.ts';
import { codeName } from '../contract/ids.ts';
import { compareText } from './order.ts';
import type { OwnershipRecord } from './records.ts';

type Props = Record<string, unknown>;

/** An entry as app.json lists it: a name, or a name and its settings. */
export type PluginEntry = string | [string, Props];

/**
 * The config plugins that records want, by name, with the settings of all of them; throws `cannot_edit` when two want the same setting
 * differently.
 */
export function wantedPlugins(records: readonly OwnershipRecord[]): ReadonlyMap<string, PluginEntry> {
  const wanted = new Map<string, { props: Props | undefined; by: string }>();
  for (const record of records) {
    const by = codeName(record.connector, record.alias);
    for (const { name, props } of record.wants.configPlugins) {
      const other = wanted.get(name);
      wanted.set(name, { props: other === undefined ? props : merge(name, [other.by, by], other.props, props), by });
    }
  }
  return new Map([...wanted].map(([name, { props }]) => [name, props === undefined ? name : [name, props]]));
}

function merge(plugin: string, by: [string, string], a: Props | undefined, b: Props | undefined): Props | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const merged: Props = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const other = merged[name];
    if (other === undefined || isDeepStrictEqual(other, value)) merged[name] = value;
    else if (isProps(other) && isProps(value)) merged[name] = merge(plugin, by, other, value);
    else {
      const who = by.join(' and ');
      throw new GraftError(
        'cannot_edit',
        `${who} want ${plugin} with different values of ${name}. Install one of them.`,
      );
    }
  }
  return Object.fromEntries(Object.entries(merged).toSorted(([x], [y]) => compareText(x, y)));
}

function isProps(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
