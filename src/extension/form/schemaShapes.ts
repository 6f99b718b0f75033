import type { JsonSchema } from '../../experiment/jsonSchema.ts';

/** A part of a schema; an empty one where there is none. */
export function nodeOf(schema: unknown): JsonSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? (schema as JsonSchema) : {};
}

/** The object of a union of a number and the same number changing over the run; undefined for other unions. */
export function rampOf(schema: JsonSchema): JsonSchema | undefined {
  const [number, ramp, ...others] = flatAlternatives(schema);
  const isRamp =
    others.length === 0 && number?.type === 'number' && ['from', 'to', 'until'].every((key) => ramp?.properties?.[key]);
  return isRamp ? ramp : undefined;
}

/** Whether a value is a text or a list of texts, which is written the same way. */
export function isTextOrTexts(schema: JsonSchema): boolean {
  return flatAlternatives(schema).every(
    (alternative) => alternative.type === 'string' || nodeOf(alternative.items).type === 'string',
  );
}

/** The list of a union of a list and `auto`, which is what an absent list stands for; undefined for other unions. */
export function listOrAutomatic(schema: JsonSchema): JsonSchema | undefined {
  const [constant, list, ...others] = flatAlternatives(schema);
  const isAutomatic = others.length === 0 && constant?.enum?.[0] === 'auto' && constant.enum.length === 1;
  return isAutomatic && list?.type === 'array' ? list : undefined;
}

/** Unions of unions as one list; an outer description is passed to alternatives that have none. */
export function flatAlternatives(schema: JsonSchema): JsonSchema[] {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (alternatives.length === 0) return [schema];
  return alternatives.flatMap((alternative) =>
    flatAlternatives(nodeOf(alternative)).map((inner) => ({ ...describedBy(nodeOf(alternative)), ...inner })),
  );
}

function describedBy({ description }: JsonSchema): JsonSchema {
  return description === undefined ? {} : { description };
}
