import * as z from 'zod';
import type { DataInspection } from '../../preflight/inspection/inspectData.ts';

const count = z.int().nonnegative();
const figure = z.number().nullable().describe('Null where it is infinite.');
const split = z.strictObject({ samples: count, origin: z.enum(['brought', 'drawn']) });

const column = z.strictObject({
  name: z.string(),
  use: z.enum(['target', 'number', 'category', 'date', 'text', 'group', 'left out']),
  missing: count,
  distinct: count.nullable().describe('Null where there are more than 1,000 different numbers.'),
  range: z.strictObject({ least: figure, most: figure, mean: figure }).nullable(),
  frequent: z.array(z.strictObject({ value: z.string(), rows: count })),
});

/** `inspect DATA --json` */
export const dataOutput = z
  .strictObject({
    path: z.string(),
    format: z.string().describe('What was recognised, such as `CSV` or `image folders`.'),
    task: z.enum(['classification', 'multi-label', 'token-classification', 'regression', 'reconstruction', 'matching']),
    sampleShape: z.array(count),
    splits: z.strictObject({ training: split, validation: split, test: split }),
    classes: z
      .array(z.strictObject({ name: z.string(), training: count, validation: count, test: count }))
      .describe('Samples of each class; empty where a sample has not one class.'),
    targets: z.array(z.string()).describe('Numbers that are predicted.'),
    table: z
      .strictObject({
        rows: count,
        columns: z.array(column),
        target: z
          .strictObject({ columns: z.array(z.string()), reason: z.string(), alternatives: z.array(z.string()) })
          .nullable(),
      })
      .nullable()
      .describe('Of the training table.'),
    images: z
      .strictObject({
        images: count,
        lookedAt: count,
        sizes: z.array(z.strictObject({ width: count, height: count, images: count })),
        kinds: z.array(z.strictObject({ kind: z.string(), images: count })),
        turned: count.describe('Images that are to be turned, by their EXIF data.'),
      })
      .nullable(),
    repeated: count.nullable().describe('Training samples that equal an earlier one; null: not compared.'),
    findings: z.array(
      z.strictObject({
        severity: z.enum(['warning', 'information']),
        where: z.string().describe('The field of an experiment that decides it.'),
        message: z.string(),
        hint: z.string().exactOptional(),
      }),
    ),
  })
  .describe('What data are taken for, and what is to be known about them.') satisfies z.ZodType<
  Omit<DataInspection, 'table'>
>;
