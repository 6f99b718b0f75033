import * as z from 'zod';
import { measured } from './measured.ts';

const quality = z.object({ accuracy: z.number().nullable(), loss: measured });

/** What a short training on the labels came to, on samples that it learned and on validation samples. */
export const shortTrainingSchema = z.object({
  training: quality,
  validation: quality,
  /** How many validation samples were looked at. */
  count: z.number(),
});

/** How the learning rate was chosen where the experiment leaves it open. */
export const rateChoiceSchema = z.object({
  chosen: z.number(),
  /** Of every short training. */
  steps: z.number(),
  trials: z.array(z.object({ learningRate: z.number(), outcome: shortTrainingSchema.nullable() })),
});

export type ShortTraining = z.output<typeof shortTrainingSchema>;
export type RateChoice = z.output<typeof rateChoiceSchema>;
