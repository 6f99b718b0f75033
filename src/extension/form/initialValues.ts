import type { JsonSchema } from '../../experiment/jsonSchema.ts';
import { nodeOf } from './schemaShapes.ts';

/**
 * What an object starts with that is not there until a person wants it; undefined where leaving it out and leaving it empty are
 * the same. Its fields are not in effect while it is absent, whatever their defaults: what it does then by itself is written out.
 */
export function initialWhereAbsent(schema: JsonSchema): Record<string, unknown> | undefined {
  const switchedOn = Object.entries(schema.properties ?? {}).filter(
    ([, property]) => nodeOf(property).default === true,
  );
  const hasToBeGiven = (schema.required ?? []).length > 0;
  if (!hasToBeGiven && (schema.default !== undefined || switchedOn.length === 0)) return undefined;
  return { ...emptyRequired(schema), ...Object.fromEntries(switchedOn.map(([name]) => [name, true])) };
}

/** An object to start with: what has to be given, still empty. A list has as many items as it must have. */
export function emptyRequired(schema: JsonSchema, except?: string): Record<string, unknown> {
  const required = (schema.required ?? []).filter((key) => key !== except);
  return Object.fromEntries(required.map((key) => [key, emptyValue(nodeOf(schema.properties?.[key]))]));
}

function emptyValue(schema: JsonSchema): unknown {
  if (schema.type === 'array') {
    return Array.from({ length: schema.minItems ?? 0 }, () => emptyValue(nodeOf(schema.items)));
  }
  return schema.type === 'object' ? emptyRequired(schema) : '';
}
