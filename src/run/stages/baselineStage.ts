import { copyAtomically } from '../../platform/copyAtomically.ts';
import { parse } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { labelledShare } from './labelledShare.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { withoutTeacher } from '../../objectives/chooseObjective.ts';
import type { Run } from '../run.ts';
import type { TrainingMaterial } from './featureStage.ts';
import { trainingTaskOf } from '../../preflight/networks/trainingTaskOf.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import { labelsOfStudent } from './epochByParts/planParts.ts';
import { withRounds } from './roundsStage.ts';
import type { Taught } from './teacherStage.ts';
import { commonStage, trainStage } from './trainStage.ts';
import { buildInitialStudent, studentAlteration } from './studentStage.ts';

/**
 * Trains the same student from the same initial weights on the labels alone; undefined where there are no labels.
 * @param files where the student is, and where the baseline is written
 */
export async function trainBaseline(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught,
  { student, baseline: file }: { readonly student: string; readonly baseline: string },
): Promise<FinishedTraining | undefined> {
  const { experiment, prepared } = run;
  const { objective, outputShape } = prepared;
  const alone = withoutTeacher(objective, material.task.kind);
  if (alone.length === 0) return undefined;
  const finishedStudent = run.journal.finished(parse(student).name);
  if (finishedStudent && isDeepStrictEqual(alone, objective)) {
    return copyStudent(run, finishedStudent, { student, baseline: file });
  }
  const initial = buildInitialStudent(run, taught.teachers);
  const labelled = labelledShare(prepared.dataset, material, initial.estimator !== undefined);
  const batchAugmentation = studentAlteration(run, taught, false);
  run.onEvent({ kind: 'phase', phase: 'baseline', message: 'Trains the same student without the teacher' });
  const roundsMaterial = {
    name: parse(file).name,
    training: labelled ?? material.training,
    teaching: undefined,
    objective: alone,
    teachers: undefined,
    device,
  };
  return withRounds(run, roundsMaterial, async (rounds) =>
    trainStage({
      ...(await commonStage(run, device, prepared.dataset)),
      network: 'baseline' as const,
      // It may become the student.
      ...(run.journal.choice && { verifiedOn: prepared.dataset }),
      rounds,
      initial,
      dataset: material,
      trainingTask: trainingTaskOf(material, outputShape, alone),
      ...(labelled && { training: labelled }),
      options: experiment.training,
      batchAugmentation,
      partedLabels: labelsOfStudent(run, { material, graph: initial.graph, batchAugmentation }),
      excluded: experiment.dataset.exclude,
      opset: experiment.export.opset,
      file,
    }),
  );
}

/** A student that was taught by the labels alone is its own baseline: the same training would give the same network. */
async function copyStudent(
  { journal, onEvent }: Run,
  finished: FinishedTraining,
  { student, baseline }: { readonly student: string; readonly baseline: string },
): Promise<FinishedTraining> {
  const { name } = parse(baseline);
  const before = journal.finished(name);
  if (before) return before;
  const message = 'The student learned from the labels alone, so that it is its own baseline';
  onEvent({ kind: 'phase', phase: 'baseline', message });
  await copyAtomically(student, baseline);
  const copied = { ...finished, seconds: 0 };
  await journal.finish(name, copied, baseline);
  return copied;
}
