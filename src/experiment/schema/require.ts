import * as z from 'zod';

/** The bar that `distillery check` measures a run's student by. */
export const requireSchema = z
  .strictObject({
    accuracy: z.number().min(0).max(1).optional().describe('Least accuracy on the test split, 0…1.'),
    loss: z.number().min(0).optional().describe('Largest loss on the test split.'),
    bytes: z.int().min(1).optional().describe('Most bytes of student.onnx.'),
    parameters: z.int().min(1).optional().describe('Most parameters of the student.'),
    macs: z.int().min(1).optional().describe('Most multiply-accumulate operations for one sample.'),
    latencyMs: z
      .number()
      .positive()
      .optional()
      .describe('Longest median time of one sample, in milliseconds, on the device of the report.'),
  })
  .describe('What the student has to reach: `distillery check` fails where it falls short. A run ignores it.');
