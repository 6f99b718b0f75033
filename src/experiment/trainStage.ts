import { parse } from 'node:path';
import type { Dataset, Split } from '../data/dataset.ts';
import { randomStream, type Random } from '../data/random.ts';
import { judge } from '../evaluation/judge.ts';
import { saveModel } from '../onnx/file.ts';
import type { DeviceName, Network, RunEvent } from '../protocol/events.ts';
import { modelOf, withWeights, type InitialNetwork } from '../students/initialNetwork.ts';
import type { Alteration } from '../training/alteration.ts';
import type { Teaching } from '../training/batchFeeder.ts';
import { openEngine, type EngineName } from '../training/engines/openEngine.ts';
import type { Lesson } from '../training/lesson.ts';
import { trainNetwork, type TrainingOptions } from '../training/trainNetwork.ts';
import type { Teachers } from '../teacher/teach.ts';
import { correctStage } from './correctStage.ts';
import type { Run } from './distill.ts';
import type { TrainingMaterial } from './featureStage.ts';
import type { RunJournal } from './runJournal.ts';
import type { FinishedTraining } from './storedProgress.ts';
import { dataFormMetadata } from './storedDataForm.ts';
import { provenanceMetadata } from './provenance.ts';
import { truthOf } from './truth.ts';
import { verifyExport } from './verifyExport.ts';

export interface TrainStageOptions {
  readonly network: Network;
  readonly initial: InitialNetwork;
  /** The network as it is trained, with more weights than are exported; by default the same. */
  readonly trained?: InitialNetwork;
  readonly dataset: TrainingMaterial;
  /** What is trained on; by default the dataset's training split. */
  readonly training?: Split;
  readonly lesson: Lesson;
  readonly teaching?: Teaching | undefined;
  readonly alteration?: Alteration | undefined;
  /** Classes that the training split lacks and that are corrected afterwards. */
  readonly excluded?: readonly string[] | undefined;
  /** The teacher's outputs for the validation split, where the student is to match them. */
  readonly teacherValidation?: Float32Array | undefined;
  readonly options: TrainingOptions & { readonly seed: number };
  readonly engine: EngineName;
  readonly device: DeviceName;
  readonly journal: RunJournal;
  /** The dataset on whose test split the written network is compared with the trained one; by default it is not. */
  readonly verifiedOn?: Dataset;
  /** Operator set that the trained network is written in; see `modelOf`. */
  readonly opset?: number | undefined;
  /** Where the trained network is written. */
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Trains a network and writes its best weights as an `.onnx`, unless that is done already. Two trainings with one seed see
 * the samples in the same order, whatever their objective.
 */
export async function trainStage(stage: TrainStageOptions): Promise<FinishedTraining> {
  const { dataset, options, initial, lesson, journal, metadata, opset } = stage;
  const { name } = parse(stage.file);
  const finished = journal.finished(name);
  if (finished) return finished;
  const network = stage.trained ?? initial;
  const truth = await truthOf(dataset.validation, dataset.sampleShape);
  const trained = await trainNetwork({
    ...lesson,
    network: stage.network,
    graph: network.graph,
    softTree: network.softTree,
    ...(network.trainable && { trainable: network.trainable }),
    training: stage.training ?? dataset.training,
    validation: dataset.validation,
    ...(stage.teaching && { teaching: stage.teaching }),
    alteration: stage.alteration,
    options,
    device: stage.device,
    openEngine: (engineOptions) => openEngine(stage.engine, engineOptions),
    random: orderOfSamples(options.seed),
    measure: (outputs) => {
      const judged = judge(dataset.task, outputs, truth, {
        outputs: 'logits',
        teacherOutputs: stage.teacherValidation,
      });
      return { accuracy: judged.accuracy, loss: judged.loss };
    },
    checkpoints: {
      stored: journal.checkpointOf(name),
      save: (checkpoint) => journal.save(name, checkpoint),
    },
    signal: stage.signal,
    onEvent: stage.onEvent,
  });
  const exported = new Map([...trained.weights].filter(([name]) => initial.graph.initializers.has(name)));
  await saveModel(stage.file, modelOf(initial, exported, { name: stage.network, metadata, opset }));
  const { bestEpoch, quality, endedBy, seconds } = trained;
  const exportDifference =
    stage.verifiedOn && endedBy !== 'stopped'
      ? await verifyExport(stage.file, withWeights(initial, exported), stage.verifiedOn, stage.signal)
      : undefined;
  if (stage.excluded) await correctStage(stage.file, dataset, stage.excluded);
  const result = { bestEpoch, quality, endedBy, seconds, exportDifference };
  if (endedBy !== 'stopped') await journal.finish(name, result);
  return result;
}

/** Decides in which order a training sees the samples. */
export function orderOfSamples(seed: number): Random {
  return randomStream(seed, 'order of samples');
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
): Promise<Pick<TrainStageOptions, 'engine' | 'device' | 'journal' | 'signal' | 'onEvent' | 'metadata'>> {
  const { experiment, journal, signal, onEvent } = run;
  const metadata = { ...(await provenanceMetadata(run, { dataset, teachers })), ...dataFormMetadata(dataset) };
  return { engine: experiment.engine, device, journal, signal, onEvent, metadata };
}
