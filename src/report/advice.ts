import * as z from 'zod';

/** A change of the experiment file: values that it names replace those of the file, inside objects one by one. Null is a value. */
export type ExperimentPatch = Readonly<Record<string, unknown>>;

const patch = z.record(z.string(), z.unknown()).nullable();
const share = z.number();

/** What to do next, from what a run measured; the change that does it, where one line of the file can. */
export const adviceSchema = z.discriminatedUnion('kind', [
  /**
   * Whoever always said the largest class of the test split would be right as often. `areaUnderCurve`: where the student still ranks samples,
   * so that another threshold would serve; null where it does not.
   */
  z.object({
    kind: z.literal('no-better-than-largest-class'),
    largestClass: z.string(),
    accuracy: share,
    share,
    areaUnderCurve: share.nullable(),
    patch,
  }),
  /** Whoever always said the mean of the targets would be as close: R² on the test is no more than 0. */
  z.object({ kind: z.literal('no-better-than-mean'), determination: z.number(), patch }),
  /** The student is worse than the baseline. `isSure`: beyond chance, on the test split. */
  z.object({ kind: z.literal('worse-than-baseline'), file: z.string(), isSure: z.boolean(), patch }),
  /** `validation`: found before the training, on the validation split. */
  z.object({ kind: z.literal('teacher-no-better'), patch }),
  /** The run ended with the student that learned from the labels alone. */
  z.object({ kind: z.literal('taught-no-better'), patch }),
  /** `times`: how many times the teacher's the student's file is. */
  z.object({ kind: z.literal('larger-than-teacher'), times: z.number(), patch }),
  z.object({ kind: z.literal('too-small'), trainingAccuracy: share, teacherAccuracy: share, patch }),
  z.object({ kind: z.literal('overfits'), trainingAccuracy: share, testAccuracy: share, patch }),
  /** The same two where numbers are predicted: R² takes the place of the accuracy. */
  z.object({
    kind: z.literal('too-small-for-numbers'),
    trainingDetermination: z.number(),
    teacherDetermination: z.number(),
    patch,
  }),
  z.object({
    kind: z.literal('overfits-numbers'),
    trainingDetermination: z.number(),
    testDetermination: z.number(),
    patch,
  }),
  z.object({ kind: z.literal('train-longer'), epochs: z.number(), patch }),
  /** The table is so small that the interval of one test split hides any gain. */
  z.object({ kind: z.literal('use-folds'), samples: z.number(), patch }),
  z.object({
    kind: z.literal('classes-lost'),
    classes: z.array(z.object({ name: z.string(), lost: share })),
    patch,
  }),
]);

export type Advice = z.output<typeof adviceSchema>;
