import * as z from 'zod';
import { shortTrainingSchema } from './rateChoice.ts';

/** Augmentation as an experiment file has it. */
const augmentation = z.record(z.string(), z.union([z.number(), z.boolean()]));

/** One way of changing images, tried on the teacher. */
const seenSchema = z.object({
  augmentation,
  /** Of the teacher on validation samples that were changed like this, 0…1. */
  accuracy: z.number(),
  isKept: z.boolean(),
});

/** Whether the student was taught on more than there is, and why. */
export const enlargementSchema = z.object({
  /**
   * `augmentation`: images are changed at random; `rows`: rows are made from those of the table; `texts`: texts
   * are made from texts; `fits`: the student does not learn
   * the samples by heart, so that more of them would not help; `blind`: the teacher sees through none of the changes.
   */
  outcome: z.enum(['augmentation', 'rows', 'texts', 'fits', 'blind']),
  /** Of the short training on the labels that showed it. */
  steps: z.number(),
  /** What it came to. */
  ...shortTrainingSchema.shape,
  /** Of the student, where it has too many for so few samples: a long training learns by heart what the short one did not. */
  parameters: z.number().optional(),
  /** How often a word occurs in the training texts on average, where that is too seldom to tell what words mean. */
  occurrences: z.number().optional(),
  /** How images are changed; null where they are not. */
  augmentation: augmentation.nullable(),
  /** Views of every image that teachers label in time; left out where images stay as they are. */
  views: z.number().optional(),
  /** Rows or texts that are made; null where none are. */
  rows: z.number().nullable(),
  /** What was tried on the teacher, and its accuracy without any change; empty and null where nothing was. */
  tried: z.array(seenSchema),
  unchangedAccuracy: z.number().nullable(),
});

export type SeenAugmentation = z.output<typeof seenSchema>;
export type Enlargement = z.output<typeof enlargementSchema>;
