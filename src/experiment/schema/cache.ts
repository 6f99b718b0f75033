import { z } from 'zod';

/** How long a teacher's outputs last. */
export const cacheSchema = z
  .strictObject({
    keep: z
      .boolean()
      .default(true)
      .describe(
        "Keep the teacher's outputs on the disk, so that the next run with this teacher and these data reads them.",
      ),
    precision: z
      .enum(['float32', 'float16'])
      .default('float32')
      .describe('How they are stored; `float16` takes half the space, and rounds them to three digits.'),
    folder: z.string().min(1).optional().describe('Where. Default: the folder `cache` beside the runs.'),
  })
  .describe(
    "The teacher's outputs on the disk. A teacher that is trained first is another one in every run; its outputs are not kept.",
  );
