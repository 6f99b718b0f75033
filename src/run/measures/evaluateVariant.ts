import { DistilleryError } from '../../errors.ts';
import { differenceInterval } from '../../evaluation/comparison/differenceInterval.ts';
import { scoreSamples } from '../../evaluation/comparison/scoreSamples.ts';
import { agreementOf } from '../../evaluation/measureOutputs.ts';
import type { Interval } from '../../report/quality.ts';
import type { KeptOn, VariantKind, VariantWeights } from '../../report/report.ts';
import { randomOfIntervals } from '../stages/compareStage.ts';
import type { Run } from '../run.ts';
import { evaluateFile, type EvaluatedNetwork } from '../../evaluation/evaluateNetwork.ts';
import { truthOf } from '../../data/truth.ts';

/** Another form of the student, and what the test split shows of it. */
export interface EvaluatedVariant {
  readonly kind: VariantKind;
  readonly network: EvaluatedNetwork;
  /** It minus the student. */
  readonly difference: Interval;
  readonly agreement: number | null;
  /** How its int8 weights are written; null where they are not int8. */
  readonly weights: VariantWeights | null;
  /** By what it was decided whether its file is kept; null where it is in any case. */
  readonly keptOn: KeptOn | null;
  /** Why its file is not to be kept; null where it is. */
  readonly refusal: string | null;
}

/**
 * Runs the file of another form of the student over the test split.
 *
 * @param evaluated student and, when there is one, teacher
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function evaluateVariant(
  kind: VariantKind,
  { experiment, prepared: { dataset }, folder, signal }: Run,
  evaluated: readonly EvaluatedNetwork[],
): Promise<Omit<EvaluatedVariant, 'keptOn' | 'refusal' | 'weights'>> {
  const { task, test } = dataset;
  const student = evaluated.find(({ name }) => name === 'student');
  if (!student) throw new DistilleryError('INTERNAL', 'The student was not evaluated.');
  const teacherOutputs = evaluated.find(({ name }) => name === 'teacher')?.said.outputs;
  const network = await evaluateFile(kind, folder.file(kind), dataset, {
    signal,
    onProgress: () => undefined,
    teacherOutputs,
  });
  const truth = await truthOf(test, dataset.sampleShape);
  const [own, students] = [network, student].map(({ said }) =>
    scoreSamples(task, said, truth, teacherOutputs ?? student.said.outputs),
  );
  const difference = own && students && differenceInterval(own, students, randomOfIntervals(experiment.training.seed));
  if (!difference) throw new DistilleryError('INTERNAL', 'The test split has nothing to judge by.');
  const agreement = teacherOutputs ? agreementOf(task, network.said.outputs, teacherOutputs, test.targets) : null;
  return { kind, network, difference, agreement };
}
