import type { Dataset, Split } from '../data/dataset.ts';
import { randomStream } from '../data/random.ts';
import { classificationMetrics } from '../evaluation/metrics.ts';
import type { ObjectiveTerm } from '../objectives/buildObjective.ts';
import { saveModel } from '../onnx/file.ts';
import type { DeviceName, Network, RunEvent } from '../protocol/events.ts';
import { modelOf, type InitialNetwork } from '../students/initialNetwork.ts';
import { openEngine, type EngineName } from '../training/engines/openEngine.ts';
import { trainNetwork, type TrainedNetwork, type TrainingOptions } from '../training/trainNetwork.ts';

export interface TrainStageOptions {
  readonly network: Network;
  readonly initial: InitialNetwork;
  readonly dataset: Dataset;
  /** What is trained on; by default the dataset's training split. */
  readonly training?: Split;
  readonly teacherLogits?: Float32Array;
  readonly objective: readonly ObjectiveTerm[];
  readonly options: TrainingOptions & { readonly seed: number };
  readonly engine: EngineName;
  readonly device: DeviceName;
  /** Where the trained network is written. */
  readonly file: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Trains a network and writes its best weights as an `.onnx`. Two trainings with one seed see the samples in the same
 * order, whatever their objective.
 */
export async function trainStage(stage: TrainStageOptions): Promise<TrainedNetwork> {
  const { dataset, options, initial } = stage;
  const classes = dataset.classes.length;
  const trained = await trainNetwork({
    network: stage.network,
    graph: initial.graph,
    ...(initial.trainable && { trainable: initial.trainable }),
    sampleShape: dataset.sampleShape,
    classes,
    training: stage.training ?? dataset.training,
    validation: dataset.validation,
    ...(stage.teacherLogits && { teacherLogits: stage.teacherLogits }),
    objective: stage.objective,
    options,
    device: stage.device,
    openEngine: (engineOptions) => openEngine(stage.engine, engineOptions),
    random: randomStream(options.seed, 'order of samples'),
    measure: (logits, labels) => classificationMetrics(logits, labels, classes, { outputs: 'logits' }),
    signal: stage.signal,
    onEvent: stage.onEvent,
  });
  await saveModel(stage.file, modelOf(initial, trained.weights, { name: stage.network, metadata: stage.metadata }));
  return trained;
}
