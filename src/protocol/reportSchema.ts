import { z } from 'zod';
import type { Quality } from './events.ts';
import type { Report } from './report.ts';

// Reports are read by other versions than those that wrote them: fields not known here are let through.

/** JSON has no NaN; what was written as null was not a number. */
export const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** A network's quality on the validation split, in events. */
export const qualitySchema = z.looseObject({
  accuracy: z.number().nullable(),
  loss: measured,
}) satisfies z.ZodType<Quality>;

const splitMetrics = z.looseObject({
  samples: z.number(),
  errors: z.number().nullable(),
  accuracy: z.number().nullable(),
  loss: measured,
  deviation: z
    .looseObject({ meanAbsoluteError: measured, rootMeanSquaredError: measured, determination: measured })
    .nullable()
    .default(null),
  perClass: z.array(z.number().nullable()),
});

const modelReport = z.looseObject({
  parameters: z.number(),
  macs: z.number(),
  bytes: z.number(),
  latencyMs: z.looseObject({ p50: z.number(), p95: z.number() }),
  test: splitMetrics,
});

/** `report.json`. */
export const reportSchema = z.looseObject({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  partial: z.boolean(),
  summary: z.string(),
  dataset: z.looseObject({
    path: z.string(),
    task: z
      .enum(['classification', 'multi-label', 'token-classification', 'regression', 'reconstruction', 'matching'])
      .default('classification'),
    classes: z.array(z.string()),
    training: z.number(),
    validation: z.number(),
    test: z.number(),
  }),
  device: z.looseObject({ training: z.string(), latency: z.string(), machine: z.string() }),
  teacher: modelReport.nullable(),
  student: modelReport.extend({
    file: z.string(),
    bestEpoch: z.number(),
    corrections: z.array(z.object({ class: z.string(), offset: z.number() })).default([]),
    endedBy: z.enum(['epochs', 'maxSteps', 'maxMinutes', 'targetAccuracy', 'patience', 'stopped']).default('epochs'),
  }),
  baseline: modelReport.nullable(),
  agreement: z.number().nullable(),
  ratios: z
    .looseObject({ parameters: z.number(), macs: z.number(), bytes: z.number(), latency: z.number() })
    .nullable(),
  gain: z.number().nullable(),
  seconds: z.looseObject({
    total: z.number(),
    teacherOutputs: z.number(),
    student: z.number(),
    baseline: z.number(),
  }),
}) satisfies z.ZodType<Report>;
