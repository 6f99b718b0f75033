import * as z from 'zod';
import type { DecisionTreeReport } from './decisionTreeReport.ts';

/** `tree.json` of a decision tree. */
export const decisionTreeReportSchema = z.looseObject({
  version: z.literal(1),
  kind: z.literal('decision-tree'),
  depth: z.int().nonnegative(),
  leaves: z.int().positive(),
  classes: z.array(z.string()),
  targets: z.array(z.string()),
  samples: z.number(),
  nodes: z
    .array(
      z.looseObject({
        question: z.string().nullable(),
        yes: z.int(),
        no: z.int(),
        samples: z.number(),
        values: z.array(z.number()),
      }),
    )
    .min(1)
    .refine((nodes) =>
      nodes.every(
        ({ question, yes, no }, index) =>
          question === null || (yes > index && no > index && yes < nodes.length && no < nodes.length),
      ),
    ),
  paths: z.array(
    z.looseObject({
      sample: z.number(),
      truth: z.string(),
      predicted: z.string(),
      isRight: z.boolean(),
      nodes: z.array(z.int().nonnegative()),
      facts: z.array(z.string()),
    }),
  ),
}) satisfies z.ZodType<DecisionTreeReport>;
