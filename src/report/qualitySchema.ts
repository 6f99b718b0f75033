import * as z from 'zod';
import { measured } from './measured.ts';
import type { Comparison, Decisions, Interval, ShownSample, TargetQuality } from './quality.ts';

const retrieval = { precision: z.number(), recall: z.number(), f1: z.number() };

export const decisionsSchema = z.looseObject({
  topFive: z.number().nullable(),
  balancedAccuracy: z.number().nullable(),
  macro: z.looseObject(retrieval),
  micro: z.looseObject(retrieval),
  areaUnderCurve: z.number().nullable(),
  calibrationError: z.number(),
  reliability: z.array(
    z.looseObject({ decisions: z.number(), confidence: z.number().nullable(), accuracy: z.number().nullable() }),
  ),
  classes: z.array(
    z.looseObject({
      ...retrieval,
      samples: z.number(),
      areaUnderCurve: z.number().nullable(),
      averagePrecision: z.number().nullable().default(null),
    }),
  ),
  confusion: z.array(z.array(z.number())).nullable(),
}) satisfies z.ZodType<Decisions>;

export const targetQualitySchema = z.looseObject({
  name: z.string(),
  meanAbsoluteError: measured,
  rootMeanSquaredError: measured,
  determination: measured,
}) satisfies z.ZodType<TargetQuality>;

export const intervalSchema = z.looseObject({
  value: measured,
  low: measured,
  high: measured,
}) satisfies z.ZodType<Interval>;

export const shownSampleSchema = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.enum(['picture', 'series']), picture: z.string().startsWith('data:image/png;base64,') }),
  z.looseObject({
    kind: z.literal('features'),
    features: z.array(z.looseObject({ name: z.string(), value: z.string() })),
  }),
  z.looseObject({ kind: z.literal('text'), text: z.string() }),
]) satisfies z.ZodType<ShownSample>;

const answer = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('class'), class: z.number(), probability: measured }),
  z.looseObject({ kind: z.literal('values'), values: z.array(measured) }),
]);

export const comparisonSchema = z.looseObject({
  divergence: z.number().nullable(),
  difference: intervalSchema,
  classes: z.array(intervalSchema.nullable()),
  disagreements: z.array(
    z.looseObject({
      sample: z.number(),
      truth: z.union([z.looseObject({ class: z.number() }), z.looseObject({ values: z.array(measured) })]),
      teacher: answer,
      student: answer,
      distance: measured,
      shown: shownSampleSchema.nullable(),
    }),
  ),
}) satisfies z.ZodType<Comparison>;
