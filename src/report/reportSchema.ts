import { choiceSchema, crossFittedTeacherSchema, epochChoiceSchema } from './choice.ts';
import * as z from 'zod';
import type { Quality } from './quality.ts';
import { measured } from './measured.ts';
import { comparisonSchema, decisionsSchema, intervalSchema, targetQualitySchema } from './qualitySchema.ts';
import { adviceSchema } from './advice.ts';
import { enlargementSchema } from './enlargement.ts';
import { rateChoiceSchema } from './rateChoice.ts';
import { taughtBySitesSchema } from './sites.ts';
import type { Report } from './report.ts';

// Reports are read by other versions than those that wrote them: fields not known here are let through.

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
    .looseObject({
      meanAbsoluteError: measured,
      rootMeanSquaredError: measured,
      determination: measured,
      determinationError: measured.optional(),
    })
    .nullable()
    .default(null),
  perClass: z.array(z.number().nullable()),
});

const testQuality = z.object({ accuracy: z.number().nullable(), errors: z.number().nullable(), loss: measured });

const speed = {
  latencyMs: z.looseObject({ p50: z.number(), p95: z.number(), p99: z.number().nullable().default(null) }),
  throughput: z.looseObject({ single: z.number(), batched: z.number().nullable() }).nullable().default(null),
};

const modelReport = z.looseObject({
  parameters: z.number(),
  macs: z.number(),
  bytes: z.number(),
  gzipBytes: z.number().nullable().default(null),
  ...speed,
  cpuSpeed: z.looseObject(speed).nullable().default(null),
  memory: z.looseObject({ single: z.number(), batched: z.number().nullable() }).nullable().default(null),
  test: splitMetrics,
  decisions: decisionsSchema.nullable().default(null),
  targets: z.array(targetQualitySchema).default([]),
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
    unlabelled: z.number().optional(),
  }),
  device: z.looseObject({
    training: z.string(),
    precision: z.looseObject({ wanted: z.string(), used: z.string() }).nullable().default(null),
    latency: z.string(),
    machine: z.string(),
    load: z
      .looseObject({ isBusy: z.boolean(), others: z.number().nullable(), waiting: z.number().nullable() })
      .nullable()
      .default(null),
  }),
  teacher: modelReport.nullable(),
  student: modelReport.extend({
    file: z.string(),
    bestEpoch: z.number(),
    epochChoice: epochChoiceSchema.nullable().default(null),
    corrections: z.array(z.object({ class: z.string(), offset: z.number() })).default([]),
    endedBy: z
      .enum(['epochs', 'maxSteps', 'maxMinutes', 'targetAccuracy', 'patience', 'fitted', 'stopped'])
      .default('epochs'),
    keptChannels: z
      .union([z.number(), z.array(z.number())])
      .nullable()
      .default(null),
    channelImportance: z.enum(['l1', 'taylor']).nullable().default(null),
  }),
  baseline: modelReport.nullable(),
  agreement: z.number().nullable(),
  ratios: z
    .looseObject({
      parameters: z.number(),
      macs: z.number(),
      bytes: z.number(),
      latency: z.number(),
      latencyInterval: intervalSchema.nullable().default(null),
      cpuLatencyInterval: intervalSchema.nullable().default(null),
    })
    .nullable(),
  gain: z.number().nullable(),
  gainInterval: intervalSchema.nullable().default(null),
  members: z.array(testQuality.extend({ name: z.string(), weight: z.number() })).default([]),
  sites: taughtBySitesSchema.nullable().default(null),
  seeds: z.array(z.object({ seed: z.number(), student: testQuality, baseline: testQuality.nullable() })).default([]),
  gainOverSeeds: intervalSchema.nullable().default(null),
  folds: z
    .object({
      results: z.array(
        z.object({
          fold: z.number(),
          training: z.number(),
          test: z.number(),
          student: testQuality,
          baseline: testQuality.nullable(),
          teacher: testQuality.nullable(),
        }),
      ),
      gain: intervalSchema.nullable(),
      isInTime: z.boolean(),
      isTeacherTrained: z.boolean().nullable(),
    })
    .nullable()
    .default(null),
  comparison: comparisonSchema.nullable().default(null),
  attention: z
    .looseObject({
      method: z.enum(['integrated gradients', 'occlusion']),
      samples: z.number(),
      student: intervalSchema.nullable(),
      baseline: intervalSchema.nullable(),
      gain: intervalSchema.nullable(),
    })
    .nullable()
    .default(null),
  variants: z
    .array(
      modelReport.extend({
        kind: z.enum(['dynamic-int8', 'static-int8', 'aware-int8', 'float16', 'int4', 'pruned']),
        file: z.string().nullable(),
        weightBytes: z.number(),
        weights: z
          .looseObject({
            bits: z.union([z.literal(7), z.literal(8)]),
            reason: z.enum(['asked', 'processor-exact', 'processor-overflows', 'unsigned']),
          })
          .nullable()
          .default(null),
        speedUp: intervalSchema.nullable().default(null),
        agreement: z.number().nullable(),
        difference: intervalSchema,
        keptOn: z
          .looseObject({ split: z.enum(['validation', 'test']), samples: z.number(), difference: z.number() })
          .nullable()
          .default(null),
        refusal: z.string().nullable(),
      }),
    )
    .default([]),
  weightBytes: z.number().nullable().default(null),
  exportDifference: z.number().nullable().default(null),
  provenance: z
    .looseObject({
      experiment: z.string(),
      teachers: z.array(z.looseObject({ file: z.string(), sha256: z.string() })),
      data: z.looseObject({ training: z.string(), validation: z.string(), test: z.string() }),
      versions: z.record(z.string(), z.string()),
    })
    .nullable()
    .default(null),
  matching: z
    .array(
      z.looseObject({
        teacher: z.string(),
        notes: z.array(z.string()),
        warnings: z.array(z.looseObject({ message: z.string(), hint: z.string().optional() })),
      }),
    )
    .default([]),
  choice: choiceSchema.nullable().default(null),
  crossFittedTeacher: crossFittedTeacherSchema.nullable().default(null),
  enlargement: enlargementSchema.nullable().default(null),
  rate: rateChoiceSchema.nullable().default(null),
  validation: z.looseObject({ student: qualitySchema, baseline: qualitySchema.nullable() }).nullable().default(null),
  trainingAccuracy: z.number().nullable().default(null),
  trainingDetermination: z.number().nullable().default(null),
  // Advice that a later version gives is left out.
  advice: z
    .array(z.unknown())
    .default([])
    .transform((all) => all.flatMap((each) => adviceSchema.safeParse(each).data ?? [])),
  changedInputs: z.array(z.string()).default([]),
  trainingMemory: z.number().nullable().default(null),
  seconds: z.looseObject({
    total: z.number(),
    teacherOutputs: z.number(),
    student: z.number(),
    baseline: z.number(),
  }),
}) satisfies z.ZodType<Report>;
