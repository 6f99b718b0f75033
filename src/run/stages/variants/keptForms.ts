import type { Dataset } from '../../../data/dataset.ts';
import { classesOf } from '../../../data/task.ts';
import { evaluateOnTest, type EvaluatedNetwork, type Members } from '../../../evaluation/evaluateNetwork.ts';
import type { QuantizationOptions } from '../../../experiment/schema/quantization.ts';
import { formatPercent } from '../../../report/format.ts';
import type { KeptOn, SplitMetrics } from '../../../report/report.ts';
import type { Run } from '../../run.ts';
import type { Taught } from '../teacherStage.ts';
import { tellsLittle } from '../../../preflight/tellsLittle.ts';

/** Differences of accuracies are off by so much at most. */
const ROUNDING = 1e-9;

/** Whether a form of the student is kept, and by what that was decided. */
export interface Verdict {
  readonly keptOn: KeptOn;
  /** Why it is not; null where it is. */
  readonly refusal: string | null;
}

/** Judges forms of a student by what they lose to it. */
export type JudgeForm = (form: EvaluatedNetwork) => Promise<Verdict>;

/**
 * The split on which it is decided whether a form of the student loses too much: the validation split, so that the figures of the test split are
 * not those of the forms that happened to do well on it. Where it is too small for that, the test split.
 */
export function splitToKeepBy(
  { validation, test, task }: Pick<Dataset, 'task'> & { readonly [split in 'validation' | 'test']: Counted },
  { largestDrop }: Pick<QuantizationOptions, 'largestDrop'>,
): KeptOn['split'] {
  if (validation.count === 0 || tellsLittle(validation)) return 'test';
  // Of fewer samples a single one decides, whatever the form loses on others.
  const isCoarse = classesOf(task).length > 0 && validation.count * largestDrop < 1;
  return isCoarse && validation.count < test.count ? 'test' : 'validation';
}

interface Counted {
  readonly count: number;
}

/**
 * Prepares to judge the forms of a student.
 *
 * @param student as it was evaluated on the test split
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function judgeForms(
  { prepared: { dataset }, signal }: Run,
  student: EvaluatedNetwork,
  taught: Taught | undefined,
  options: QuantizationOptions,
): Promise<JudgeForm> {
  const split = splitToKeepBy(dataset, options);
  const samples = dataset[split].count;
  const measure = async ({ name, members, metrics }: EvaluatedNetwork): Promise<SplitMetrics> =>
    split === 'test' ? metrics : measureOnValidation(name, members);
  const measureOnValidation = async (name: EvaluatedNetwork['name'], members: Members): Promise<SplitMetrics> => {
    const judged = { ...dataset, test: dataset.validation };
    const teacherOutputs = taught?.validation;
    return (await evaluateOnTest(name, members, judged, { signal, onProgress: () => undefined, teacherOutputs }))
      .metrics;
  };
  const ofStudent = await measure(student);
  return async (form) => {
    const { difference, refusal } = refusalOf(await measure(form), ofStudent, split, options);
    return { keptOn: { split, samples, difference }, refusal };
  };
}

/** What the experiment's limit says of a form, and how much it lost. */
function refusalOf(
  form: SplitMetrics,
  student: SplitMetrics,
  split: KeptOn['split'],
  { largestDrop, largestRise }: QuantizationOptions,
): { readonly difference: number; readonly refusal: string | null } {
  const isValidation = split === 'validation';
  if (student.accuracy !== null && form.accuracy !== null) {
    const drop = student.accuracy - form.accuracy;
    if (drop <= largestDrop + ROUNDING) return { difference: -drop, refusal: null };
    const [lost, allowed] = [drop, largestDrop].map((share) => (share * 100).toFixed(2));
    return {
      difference: -drop,
      refusal: isValidation
        ? `It loses ${lost} points of accuracy on the validation split; ${allowed} are allowed.`
        : `It loses ${lost} points of accuracy; ${allowed} are allowed.`,
    };
  }
  const difference = form.loss - student.loss;
  const rise = form.loss / student.loss - 1;
  if (!(rise > largestRise)) return { difference, refusal: null };
  const [risen, allowed] = [rise, largestRise].map((share) => formatPercent(share, 1));
  return {
    difference,
    refusal: isValidation
      ? `Its mean squared error is ${risen} higher on the validation split; ${allowed} are allowed.`
      : `Its mean squared error is ${risen} higher; ${allowed} are allowed.`,
  };
}
