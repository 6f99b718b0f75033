import * as z from 'zod';

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
    topK: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        'Of what the teacher says of a training sample, keep the probabilities of so many classes, the most probable ones; all others share the rest evenly. Default: all are kept.',
      ),
    views: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .describe(
        "With augmentation: so many altered views of every sample, which take turns from epoch to epoch; the teacher's outputs for each are kept, too. Default: other changes at every step, and the teacher is asked every time.",
      ),
    folder: z.string().min(1).optional().describe('Where. Default: the folder `cache` beside the runs.'),
  })
  .describe(
    "The teacher's outputs on the disk. A teacher that is trained first is another one in every run; its outputs are not kept.",
  );
