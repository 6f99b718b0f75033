import * as z from 'zod';
import { measured } from './measured.ts';

/** An objective as an experiment file has it. */
const objective = z.array(z.looseObject({ loss: z.string() }));

/** A short training with one objective. */
const trialSchema = z.object({
  /** In the words of the file, such as `kd T 2 × 0.9 + labels × 0.1`. */
  name: z.string(),
  objective,
  /** Of the longest training that it got. */
  steps: z.number(),
  /** On the validation split, after the last step; null where the task has none. */
  accuracy: z.number().nullable(),
  loss: measured,
  /** Against the safe choice after as many steps, sample by sample: positive where it is better. Null for the safe choice, and for what was given up before. */
  advantage: z.object({ value: z.number(), deviation: z.number() }).nullable(),
});

/** How the objective was chosen where the experiment named none. */
export const choiceSchema = z.object({
  chosen: z.string(),
  /**
   * `best`: clearly better than the safe choice; `safe`: nothing was; `teacher-no-better`: the teacher is no better than the student
   * alone; `alone-better`: the labels alone did clearly better; `too-short`: there are too few steps to try anything; `only`: there is nothing
   * to choose from.
   */
  reason: z.enum(['best', 'safe', 'teacher-no-better', 'alone-better', 'too-short', 'only']),
  objective,
  trials: z.array(trialSchema),
  /** The teacher's on the validation split; null where the task has none. */
  teacherAccuracy: z.number().nullable(),
  /** What trying took. */
  seconds: z.number(),
});

export type Trial = z.output<typeof trialSchema>;
export type ObjectiveChoice = z.output<typeof choiceSchema>;
