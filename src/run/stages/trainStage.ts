import { orderOfSamples } from '../../training/orderOfSamples.ts';
import { parse } from 'node:path';
import type { Dataset } from '../../data/dataset.ts';
import { saveModel } from '../../onnx/file.ts';
import type { DeviceName } from '../../protocol/events.ts';
import { modelOf, withEnding } from '../../students/initialNetwork.ts';
import { openEngine } from '../../training/engines/openEngine.ts';
import { trainInRounds } from '../../training/rounds/trainInRounds.ts';
import { trainNetwork } from '../../training/trainNetwork.ts';
import type { TrainedNetwork, TrainNetworkOptions } from '../../training/trainNetworkOptions.ts';
import { endingWith, epochOfParts } from './epochByParts/epochOfParts.ts';
import { judgeOn } from './epochByParts/judgeOn.ts';
import { fitStage } from './fitStage.ts';
import type { TrainStageOptions } from './trainStageOptions.ts';
import type { Teachers } from '../../teacher/teach.ts';
import { correctMissingClassesStage } from './correctMissingClassesStage.ts';
import type { Run } from '../run.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import { dataFormMetadata, storedDataForm } from '../../data/storedDataForm.ts';
import { rawFormMetadata } from '../../data/rawForm.ts';
import { provenanceMetadata } from '../../runFolder/provenance.ts';
import { verifyExport } from '../../training/engines/verifyExport.ts';

/**
 * Trains a network and writes its best weights as an `.onnx`, unless that is done already; what is no network is fitted. Two trainings
 * with one seed see the samples in the same order, whatever their objective.
 */
export async function trainStage(stage: TrainStageOptions): Promise<FinishedTraining> {
  const { dataset, options, initial, trainingTask, journal } = stage;
  const { name } = parse(stage.file);
  const finished = journal.finished(name);
  if (finished) return finished;
  if (initial.estimator) return fitStage(stage, initial.estimator);
  const network = stage.trained ?? initial;
  for (const message of initial.notes ?? []) {
    stage.onEvent({ kind: 'warning', problem: { where: `${stage.network}.model`, message } });
  }
  const networkOptions = {
    ...trainingTask,
    network: stage.network,
    graph: network.graph,
    softTree: network.softTree,
    ...(network.trainable && { trainable: network.trainable }),
    training: stage.training ?? dataset.training,
    validation: dataset.validation,
    ...(stage.teaching && { teaching: stage.teaching }),
    batchAugmentation: stage.batchAugmentation,
    options,
    device: stage.device,
    openEngine: (engineOptions) => openEngine(stage.engine, engineOptions, stage.sessions),
    random: orderOfSamples(options.seed),
    measure: await judgeOn(stage, dataset.validation),
    checkpoints: {
      stored: journal.checkpointOf(name),
      save: (checkpoint) => journal.save(name, checkpoint),
    },
    signal: stage.signal,
    pause: stage.pause,
    onEvent: stage.onEvent,
  } satisfies TrainNetworkOptions;
  const chosen = await epochOfParts(stage, networkOptions);
  const trained = stage.rounds
    ? await trainInRounds(networkOptions, stage.rounds)
    : await trainNetwork(chosen ? endingWith(chosen, networkOptions) : networkOptions);
  journal.assertHeld();
  const { bestEpoch, quality, endedBy, seconds } = trained;
  const exportDifference = await (stage.write ? writeOtherwise(stage.write, trained) : writeTrained(stage, trained));
  // A training that was stopped before that epoch ends with another.
  const epochChoice = bestEpoch === chosen?.epoch ? chosen.choice : undefined;
  const result = { bestEpoch, quality, endedBy, seconds, exportDifference, epochChoice };
  if (endedBy !== 'stopped') await journal.finish(name, result, stage.file);
  return result;
}

async function writeOtherwise(
  write: NonNullable<TrainStageOptions['write']>,
  { weights, endedBy }: TrainedNetwork,
): Promise<number | undefined> {
  return endedBy === 'stopped' ? undefined : write(weights);
}

/** @returns how far the file is from what was trained, where that is found out */
async function writeTrained(
  stage: TrainStageOptions,
  { weights, endedBy }: TrainedNetwork,
): Promise<number | undefined> {
  const { initial, opset, dataset } = stage;
  const form = initial.wholeInput && storedDataForm(stage.metadata);
  const metadata = { ...stage.metadata, ...(form && rawFormMetadata(form)) };
  const exported = new Map([...weights].filter(([name]) => initial.graph.initializers.has(name)));
  await saveModel(stage.file, modelOf(initial, exported, { name: stage.network, metadata, opset }));
  const exportDifference =
    stage.verifiedOn && endedBy !== 'stopped'
      ? await verifyExport(stage.file, withEnding(initial, exported), stage.verifiedOn, stage.signal)
      : undefined;
  if (stage.excluded) await correctMissingClassesStage(stage.file, dataset, stage.excluded);
  return exportDifference;
}

/**
 * What every training of a run has in common.
 *
 * @param dataset what is trained on
 * @param teachers who teach the network, if anybody
 */
export async function commonStage(
  run: Run,
  device: DeviceName,
  dataset: Dataset,
  teachers?: Teachers,
): Promise<
  Pick<TrainStageOptions, 'engine' | 'sessions' | 'device' | 'journal' | 'signal' | 'pause' | 'onEvent' | 'metadata'>
> {
  const { experiment, sessions, journal, signal, pause, onEvent } = run;
  const metadata = { ...(await provenanceMetadata(run, { dataset, teachers })), ...dataFormMetadata(dataset) };
  return { engine: experiment.engine, sessions, device, journal, signal, pause, onEvent, metadata };
}
