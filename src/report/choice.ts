import * as z from 'zod';
import { measured } from './measured.ts';

/** An objective as an experiment file has it. */
const objective = z.array(z.looseObject({ loss: z.string() }));

/** A mean difference over samples, and its standard deviation. */
const advantage = z.object({ value: z.number(), deviation: z.number() });

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
  advantage: advantage.nullable(),
});

const outcomeSchema = z.object({ accuracy: z.number().nullable(), loss: measured });

/** What trainings say of samples that they had not seen, where few were set aside for validation: of all samples to learn from, part by part. */
const crossFittedSchema = z.object({
  samples: z.number(),
  /** Of each training, at most. */
  steps: z.number(),
  /** The student's that was taught over the same one on the labels alone: positive where it is better. */
  taught: advantage,
  /** The teacher's over the student on the labels alone. */
  teacher: advantage,
});

/** How the objective was chosen where the experiment named none. */
export const choiceSchema = z.object({
  chosen: z.string(),
  /**
   * `best`: clearly better than the safe choice; `safe`: nothing was; `teacher-no-better`: the teacher is no better than the student
   * alone; `alone-better`: the labels alone did clearly better; `too-short`: there are too few steps to try anything; `too-little-time`: the minutes given
   * leave too few for it; `too-few-samples`: the validation split is too small to compare anything on; `only`: there is nothing
   * to choose from; `taught-no-better`: trained to its end, the student that was taught was not clearly better than the one on the labels alone.
   */
  reason: z.enum([
    'best',
    'safe',
    'teacher-no-better',
    'alone-better',
    'too-short',
    'too-little-time',
    'too-few-samples',
    'only',
    'taught-no-better',
  ]),
  objective,
  trials: z.array(trialSchema),
  /** The teacher's on the validation split; null where the task has none. */
  teacherAccuracy: z.number().nullable(),
  /** What was given up for the labels alone after the trainings, and what both came to on the validation split. */
  givenUp: z.object({ objective: z.string(), taught: outcomeSchema, alone: outcomeSchema }).optional(),
  /** Left out where the validation split is large enough, or that would take too long. */
  crossFitted: crossFittedSchema.optional(),
  /** What trying took. */
  seconds: z.number(),
});

export type Trial = z.output<typeof trialSchema>;
export type CrossFitted = z.output<typeof crossFittedSchema>;
export type ObjectiveChoice = z.output<typeof choiceSchema>;

/** What the epoch that is kept was chosen on, where the validation split tells little: samples that networks trained for it had not learned. */
export const epochChoiceSchema = z.object({
  /** So many networks were trained, each without a part of the samples. */
  parts: z.number(),
  /** With labels, each of which was judged once. */
  samples: z.number(),
  /** About the epoch that was chosen, 0…1; null where the task has none. */
  accuracy: z.number().nullable(),
  loss: measured,
  /** Share that is left of what the network itself says, above 0, below 1; left out where all of it is. */
  own: z.number().optional(),
});

export type EpochChoice = z.output<typeof epochChoiceSchema>;

/** Teachers that have each not learned a part of the samples, which they tell the student of. */
export const crossFittedTeacherSchema = z.object({
  parts: z.number(),
  /** Of all samples, each by the teacher that has not learned it, 0…1; null where the task has none. */
  accuracy: z.number().nullable(),
  loss: measured,
});

export type CrossFittedTeacher = z.output<typeof crossFittedTeacherSchema>;
