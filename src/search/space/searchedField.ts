import * as z from 'zod';
import type { Parameter } from './parameter.ts';

/** A field that is searched, as `search.json` has it: enough to draw what trials had there. */
export const searchedFieldSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('choice'), name: z.string(), choices: z.array(z.unknown()) }),
  z.object({
    kind: z.literal('number'),
    name: z.string(),
    low: z.number(),
    high: z.number(),
    isLog: z.boolean(),
    /** Distance of the values from each other; null where any number will do. */
    step: z.number().nullable(),
  }),
]);

export type SearchedField = z.output<typeof searchedFieldSchema>;

/** A parameter as `search.json` has it. */
export function searchedField(parameter: Parameter): SearchedField {
  const { name } = parameter;
  if (parameter.kind === 'choice') return { kind: 'choice', name, choices: [...parameter.choices] };
  const { low, high, isLog, step = null } = parameter;
  return { kind: 'number', name, low, high, isLog, step };
}
