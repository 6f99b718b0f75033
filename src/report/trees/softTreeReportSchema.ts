import * as z from 'zod';
import type { SoftTreeReport } from './softTreeReport.ts';

/** `tree.json`. */
export const softTreeReportSchema = z
  .looseObject({
    version: z.literal(1),
    depth: z.int().min(1).max(10),
    predict: z.enum(['mean', 'best-leaf']),
    classes: z.array(z.string()),
    sampleShape: z.array(z.int().positive()),
    features: z.array(z.string()).nullable(),
    samples: z.number(),
    nodes: z.array(
      z.looseObject({
        weights: z.array(z.number()).nullable(),
        bias: z.number(),
        samples: z.number(),
        probability: z.number(),
        right: z.number(),
      }),
    ),
    leaves: z.array(z.looseObject({ distribution: z.array(z.number()), samples: z.number(), probability: z.number() })),
    paths: z.array(
      z.looseObject({
        sample: z.number(),
        values: z.array(z.number()),
        label: z.number(),
        predicted: z.number(),
        leaf: z.number(),
        probability: z.number(),
        right: z.array(z.number()),
      }),
    ),
  })
  .refine(({ depth, nodes, leaves }) => nodes.length === 2 ** depth - 1 && leaves.length === 2 ** depth, {
    path: ['depth'],
  }) satisfies z.ZodType<SoftTreeReport>;
