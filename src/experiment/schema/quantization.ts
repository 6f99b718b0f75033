import { z } from 'zod';

/** Students in other number formats, written beside the trained one. */
export const quantizationSchema = z
  .strictObject({
    staticInt8: z
      .boolean()
      .default(true)
      .describe('Write the student with int8 weights and activations, whose ranges are observed on training samples.'),
    dynamicInt8: z
      .boolean()
      .default(false)
      .describe('Write the student with int8 weights, whose activations are quantised as they come.'),
    float16: z.boolean().default(false).describe('Write the student with its weights stored as float16.'),
    calibrationSamples: z
      .int()
      .min(1)
      .max(100_000)
      .default(512)
      .describe('Training samples on which the ranges of activations are observed.'),
    largestDrop: z
      .number()
      .min(0)
      .max(1)
      .default(0.005)
      .describe('Most test accuracy that may be lost, 0…1; a student that loses more is not kept.'),
    largestRise: z
      .number()
      .min(0)
      .max(100)
      .default(0.05)
      .describe('Where there is no accuracy: by which share the mean squared error may rise; 0.05 is 5 %.'),
  })
  .describe('Also write the student in fewer bytes, with its accuracy, and refuse what loses too much.');

export type QuantizationOptions = z.output<typeof quantizationSchema>;
