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

const outcomeSchema = z.object({ accuracy: z.number().nullable(), loss: measured });

/** How the objective was chosen where the experiment named none. */
export const choiceSchema = z.object({
  chosen: z.string(),
  /**
   * `best`: clearly better than the safe choice; `safe`: nothing was; `teacher-no-better`: the teacher is no better than the student
   * alone; `alone-better`: the labels alone did clearly better; `too-short`: there are too few steps to try anything; `only`: there is nothing
   * to choose from; `taught-no-better`: trained to its end, the student that was taught was not clearly better than the one on the labels alone.
   */
  reason: z.enum(['best', 'safe', 'teacher-no-better', 'alone-better', 'too-short', 'only', 'taught-no-better']),
  objective,
  trials: z.array(trialSchema),
  /** The teacher's on the validation split; null where the task has none. */
  teacherAccuracy: z.number().nullable(),
  /** What was given up for the labels alone after the trainings, and what both came to on the validation split. */
  givenUp: z.object({ objective: z.string(), taught: outcomeSchema, alone: outcomeSchema }).optional(),
  /** What trying took. */
  seconds: z.number(),
});

export type Trial = z.output<typeof trialSchema>;
export type ObjectiveChoice = z.output<typeof choiceSchema>;
