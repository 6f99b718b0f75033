import { parse } from 'node:path';
import { measureOutputs } from '../../evaluation/measureOutputs.ts';
import type { EstimatorOptions } from '../../estimators/estimator.ts';
import { saveModel } from '../../onnx/file.ts';
import { modelOf } from '../../students/initialNetwork.ts';
import { fitNetwork } from '../../training/fitting/fitNetwork.ts';
import { verifyFit } from '../../training/fitting/verifyFit.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import { truthOf } from '../../data/truth.ts';
import { correctMissingClassesStage } from './correctMissingClassesStage.ts';
import type { TrainStageOptions } from './trainStageOptions.ts';

/**
 * Fits a model that is no network and writes it as an `.onnx`: what `trainStage` does with these. A fit leaves no checkpoint; a run that
 * goes on fits it again, which gives the same.
 *
 * @throws DistilleryError `CANCELLED` when the run is stopped: there is no best so far
 */
export async function fitStage(stage: TrainStageOptions, estimator: EstimatorOptions): Promise<FinishedTraining> {
  const { dataset, trainingTask, initial, options, metadata, opset, signal, onEvent } = stage;
  const truth = await truthOf(dataset.validation, dataset.sampleShape);
  const { graph, fitted, ...ended } = await fitNetwork({
    ...trainingTask,
    network: stage.network,
    estimator,
    training: stage.training ?? dataset.training,
    validation: dataset.validation,
    teaching: stage.teaching,
    teacherValidation: stage.teacherValidation,
    seed: options.seed,
    measure: (outputs) => {
      const judged = measureOutputs(dataset.task, outputs, truth, {
        outputs: 'logits',
        teacherOutputs: stage.teacherValidation,
      });
      return { accuracy: judged.accuracy, loss: judged.loss };
    },
    signal,
    onEvent,
  });
  stage.journal.assertHeld();
  await saveModel(stage.file, modelOf({ ...initial, graph }, new Map(), { name: stage.network, metadata, opset }));
  // Behind an extractor the samples are not what was fitted to.
  const exportDifference =
    stage.verifiedOn && !initial.front ? await verifyFit(stage.file, fitted, stage.verifiedOn, signal) : undefined;
  if (stage.excluded) await correctMissingClassesStage(stage.file, dataset, stage.excluded);
  const phase = stage.network === 'teacher' ? 'train-teacher' : stage.network;
  onEvent({ kind: 'phase', phase, message: `Fitted ${fitted.summary}` });
  const result = { ...ended, exportDifference };
  await stage.journal.finish(parse(stage.file).name, result, stage.file);
  return result;
}
