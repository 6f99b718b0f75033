import * as z from 'zod';

/** What the report goes into that takes time. */
export const reportOptionsSchema = z
  .strictObject({
    attentionSamples: z
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .describe(
        'Test samples on which it is found out how far the student attends to what the teacher attends to; 0 leaves it out. Default: 32 for ' +
          'networks so small that it takes about a second, else 0.',
      ),
  })
  .describe('What the report goes into.');
