import { classShares } from '../../data/targets.ts';
import type { Dataset } from '../../data/dataset.ts';
import { classesOf } from '../../data/task.ts';
import { DistilleryError } from '../../errors.ts';
import type { TeacherToTrain } from '../../experiment/networkToTrain.ts';
import { trainingSchema } from '../../experiment/schema/training.ts';
import { describeSettled, settleTrainingOf } from '../../experiment/settleExperiment.ts';
import { labelsAlone } from '../../objectives/chooseObjective.ts';
import { batchAugmentationOf } from '../../preflight/batchAugmentationOf.ts';
import { buildInitialNetwork } from '../../preflight/networks/buildInitialNetwork.ts';
import { networkFormOf } from '../../preflight/networks/networkFormOf.ts';
import { trainingTaskOf } from '../../preflight/networks/trainingTaskOf.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { withBothClasses } from '../../teacher/matching/bothClasses.ts';
import type { BatchAugmentation } from '../../training/augmentation/batchAugmentation.ts';
import { loadNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import type { Run } from '../run.ts';
import { labelsToPart } from './epochByParts/planParts.ts';
import { featureStage } from './featureStage.ts';
import { commonStage, trainStage } from './trainStage.ts';

/** A network that is trained on labels before it teaches. */
export interface TeacherInTraining {
  readonly teacher: TeacherToTrain;
  readonly dataset: Dataset;
  /** Where it is written; its name is what the journal knows the training by. */
  readonly file: string;
}

/**
 * Trains a teacher on the labels of a dataset, unless that is done already.
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function trainTeacher(
  run: Run,
  device: DeviceName,
  { teacher, dataset, file }: TeacherInTraining,
): Promise<NetworkFile> {
  const { experiment, prepared } = run;
  const wanted = trainingSchema.parse({ ...run.written.training, ...teacher.training });
  const options = settleTrainingOf(wanted, teacher, dataset);
  const decided = describeSettled(wanted, options, 'the teacher');
  const form = networkFormOf(dataset, prepared.outputShape);
  const initial = buildInitialNetwork(teacher, {
    form,
    role: 'teacher',
    seed: options.seed,
    model: prepared.teacherModel?.proto,
    shares: classShares(dataset.training.targets, classesOf(dataset.task).length),
  });
  const features = await featureStage(run, device, { network: initial, file: prepared.teacherModel }, dataset);
  const { material } = features;
  // Features are computed once, of the samples as they are; views are for outputs, which a teacher has none of yet.
  const batchAugmentation = initial.front ? undefined : withoutViews(batchAugmentationOf(experiment));
  if (decided !== undefined) run.onEvent({ kind: 'phase', phase: 'train-teacher', message: decided });
  try {
    const trained = await trainStage({
      ...(await commonStage(run, device, dataset)),
      network: 'teacher',
      initial,
      dataset: material,
      trainingTask: trainingTaskOf(material, prepared.outputShape, labelsAlone(dataset.task.kind)),
      options,
      batchAugmentation,
      partedLabels: labelsToPart(run, { written: wanted, options, material, graph: initial.graph, batchAugmentation }),
      file,
    });
    if (trained.endedBy === 'stopped') throw new DistilleryError('CANCELLED', 'Stopped.');
  } finally {
    await features.dispose();
  }
  const { samples, sampleShape } = dataset;
  const output = 'output' in teacher ? teacher.output : undefined;
  const model = await loadNetwork(file, { samples, sampleShape, ...(output !== undefined && { output }) });
  return withBothClasses(model, dataset.task, sampleShape);
}

function withoutViews(batchAugmentation: BatchAugmentation | undefined): BatchAugmentation | undefined {
  return batchAugmentation && { ...batchAugmentation, views: undefined };
}
