import * as z from 'zod';
import { experimentSchema } from './schema.ts';
import { valueAt } from './valueAt.ts';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

let known: JsonSchema | undefined;

/** The JSON schema (draft 7) of experiment files as a person writes them: fields with defaults may be left out. Not to be changed. */
export function experimentJsonSchema(): JsonSchema {
  known ??= makeJsonSchema();
  return known;
}

function makeJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(experimentSchema, { io: 'input', target: 'draft-7' });
  // What editors ask of a schema: experiment files may have comments.
  return { ...schema, title: 'Distillery experiment', allowComments: true, allowTrailingCommas: true };
}

/** The parts of `schema` that describe what stands at `path` in `value`; several where alternatives fit. */
export function schemaAt(schema: JsonSchema, value: unknown, path: readonly PropertyKey[]): readonly JsonSchema[] {
  const [head, ...rest] = path;
  if (head === undefined) return [schema];
  const inner = valueAt(value, [head]);
  return alternativesOf(schema, value).flatMap((alternative) => {
    // Of a map, whose names are anybody's, all values are alike.
    const named = alternative.properties?.[String(head)] ?? alternative.additionalProperties;
    const next = typeof head === 'number' ? alternative.items : named;
    return isNode(next) ? schemaAt(next, inner, rest) : [];
  });
}

/** The alternatives of a union, flat, without those whose discriminating constant contradicts the value. */
export function alternativesOf(schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isNode);
  if (alternatives.length === 0) return [schema];
  const flat = alternatives.flatMap((alternative) => alternativesOf(alternative, value));
  const matching = flat.filter((alternative) => !contradicts(alternative, value));
  return matching.length > 0 ? matching : flat;
}

function contradicts(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema.properties ?? {}).some(([key, property]) => {
    const found = valueAt(value, [key]);
    return isNode(property) && property.const !== undefined && found !== undefined && found !== property.const;
  });
}

function isNode(schema: unknown): schema is JsonSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}
