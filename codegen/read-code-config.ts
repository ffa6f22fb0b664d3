import type { Node as JsonNode } from 'jsonc-parser';
import type { ObjectExpression, ObjectPropertyKind } from 'oxc-parser';
import { readCodeStyle } from './code-style.ts';
import type { JsonDocument } from './edit-json.ts';
import { findConfigObject, nameOf } from './find-config-object.ts';
import { type Node, type ParsedModule, parseModule, unwrapExpression } from './parse-module.ts';

/**
 * A dynamic config's object as a document whose offsets are the module's, so that its list of plugins is edited like app.json's; or why it
 * cannot be. `hasStatic`: there is an app.json whose plugins a spread may bring.
 */
export function readCodeConfig(file: string, text: string, hasStatic: boolean): JsonDocument | { reason: string } {
  const module = parseModule(file, text);
  if ('fault' in module) return { reason: `it does not parse (${module.fault})` };
  const found = findConfigObject(module);
  if ('reason' in found) return found;
  const reason = unfitReason(module, found.object, hasStatic ? '' : found.parameters);
  if (reason !== undefined) return { reason };
  const reread = (edited: string) => {
    const again = readCodeConfig(file, edited, hasStatic);
    return 'reason' in again ? undefined : again;
  };
  return {
    text,
    root: toJson(module, found.object),
    code: { file, quote: readQuote(module), reread },
  };
}

function unfitReason(module: ParsedModule, { properties }: ObjectExpression, parameters: string): string | undefined {
  if (properties.some((one) => one.type === 'Property' && one.computed)) return 'it computes names of its settings';
  const index = properties.findLastIndex((one) => one.type === 'Property' && nameOf(one.key) === 'plugins');
  const spreads = properties.filter((one, at) => at > index && one.type === 'SpreadElement');
  const mayBring = spreads.find((one) => !isParameter(module, one, parameters));
  if (mayBring !== undefined) return `${module.text.slice(mayBring.start, mayBring.end)} may bring plugins of its own`;
  const list = properties[index];
  if (list?.type !== 'Property') return undefined;
  const value = unwrapExpression(list.value);
  const isList = value.type === 'ArrayExpression' && !value.elements.includes(null);
  return isList && !list.shorthand ? undefined : 'its plugins are no list in place';
}

/** The config that Expo hands over holds nothing of plugins where there is no app.json. */
function isParameter({ text }: ParsedModule, one: ObjectPropertyKind, parameters: string): boolean {
  if (one.type !== 'SpreadElement') return false;
  const name = text.slice(one.argument.start, one.argument.end);
  return /^[\w$]+$/.test(name) && parameters.split(/[^\w$]+/).includes(name);
}

/** Quotes of the module's texts, which configs without imports still show. */
function readQuote(module: ParsedModule): "'" | '"' {
  const double = module.text.split('"').length;
  const single = module.text.split("'").length;
  return double === single ? readCodeStyle(module).quote : double > single ? '"' : "'";
}

/** What is no plain value stands for itself as its text. */
function toJson(module: ParsedModule, node: Node): JsonNode {
  const inner = unwrapExpression(node);
  const source = module.text.slice(inner.start, inner.end);
  const span = { offset: inner.start, length: inner.end - inner.start };
  if (inner.type === 'ArrayExpression') {
    const children = inner.elements.flatMap((element) => (element === null ? [] : [toJson(module, element)]));
    return { type: 'array', ...span, children };
  }
  if (inner.type === 'ObjectExpression')
    return { type: 'object', ...span, children: inner.properties.map((property) => propertyToJson(module, property)) };
  if (inner.type !== 'Literal' || inner.value instanceof RegExp || typeof inner.value === 'bigint')
    return { type: 'string', ...span, value: `\0${source}` };
  const type = inner.value === null ? 'null' : (typeof inner.value as 'string' | 'number' | 'boolean');
  return { type, ...span, value: inner.value };
}

function propertyToJson(module: ParsedModule, property: ObjectPropertyKind): JsonNode {
  const span = { offset: property.start, length: property.end - property.start };
  const source = `\0${module.text.slice(property.start, property.end)}`;
  const plain = property.type === 'Property' && !property.computed && !property.shorthand && !property.method;
  const name = plain ? nameOf(property.key) : undefined;
  const key: JsonNode = { type: 'string', ...span, value: name ?? source };
  const value: JsonNode = plain && name !== undefined ? toJson(module, property.value) : { ...key, value: source };
  return { type: 'property', ...span, children: [key, value] };
}
