import type { Random } from '../data/random.ts';
import type { Split } from '../data/samples/split.ts';
import type { Graph } from '../onnx/graph.ts';
import type { FloatTensor } from '../onnx/tensor.ts';
import type { DeviceName, Network, RunEvent } from '../protocol/events.ts';
import type { PauseGate } from '../platform/pauseGate.ts';
import type { Quality } from '../report/quality.ts';
import type { EndedBy } from '../report/trainingEnd.ts';
import type { BatchAugmentation } from './augmentation/batchAugmentation.ts';
import type { Teaching } from './batchFeeder.ts';
import type { DrawToShares } from './epochByParts/drawToShares.ts';
import type { CheckpointStore } from './checkpoints/checkpointTiming.ts';
import type { OpenEngine } from './engines/engine.ts';
import type { TrainingTask } from './trainingTask.ts';
import type { OptimizerOptions } from './optimizers/chooseOptimizer.ts';
import type { TrainingPrecision } from './precision/trainingPrecision.ts';
import type { Schedule } from './learningRateSchedule.ts';
import type { AutomaticLength } from './budget/settleTraining.ts';
import type { StopConditions } from './stopConditions.ts';

/** The `training` section of an experiment, with every default filled in. */
export interface TrainingOptions extends Schedule, OptimizerOptions, StopConditions {
  readonly batchSize: number;
  /** Norm that all gradients together are brought down to; by default they are left alone. */
  readonly clipNorm?: number | undefined;
  /** Decay of an exponential average of the weights, which is then what is validated and kept; by default there is none. */
  readonly averageDecay?: number | undefined;
  /** What network and gradients are computed in; by default float32. */
  readonly precision?: TrainingPrecision | undefined;
  /** Batches whose gradients are averaged for one update; 1 by default. */
  readonly accumulate?: number | undefined;
  /** Segments of the forward pass that are computed again for the backward pass, to save memory; by default everything is kept. */
  readonly recomputeSegments?: number | undefined;
  /** Minutes after which a checkpoint is stored in the middle of an epoch; by default 5. */
  readonly checkpointMinutes?: number | undefined;
  /** Where the length is left to Distillery: how it is found; `epochs` are the most then. */
  readonly automatic?: AutomaticLength | undefined;
  /** Decides what dropout drops. */
  readonly seed: number;
}

export interface TrainNetworkOptions extends TrainingTask {
  /** Which network this is, for the events. */
  readonly network: Network;
  /** Its forward graph, with the initial weights and a symbolic batch. */
  readonly graph: Graph;
  /** Names of the weights to train; by default all. */
  readonly trainable?: ReadonlySet<string>;
  readonly training: Split;
  readonly validation: Split;
  /** What the teachers make of the training samples; needed by terms with a teacher. */
  readonly teaching?: Teaching;
  /** How every batch is changed at random; by default not at all. */
  readonly batchAugmentation?: BatchAugmentation | undefined;
  readonly options: TrainingOptions;
  /** Judges the network after the last step alone, where `maxSteps` ends it; by default after every epoch. */
  readonly isJudgedOnce?: boolean | undefined;
  /** The epoch whose weights are kept when the training comes to its end; by default the best on the validation split. */
  readonly keptEpoch?: number | undefined;
  /** How what the network says is drawn to the shares of the classes when that epoch has ended; by default it is not. */
  readonly draw?: DrawToShares | undefined;
  /** Stops after this many steps, as by the signal, so that it goes on from there later; by default it does not. */
  readonly pauseAfter?: number | undefined;
  readonly device: DeviceName;
  /** What runs the steps; by default ONNX Runtime. */
  readonly openEngine?: OpenEngine;
  /** Decides the order of the samples. */
  readonly random: Random;
  /** Judges the outputs for the validation split. */
  readonly measure: (outputs: Float32Array) => Quality;
  /** Keeps what the training needs to go on after it was killed; by default nothing is kept. */
  readonly checkpoints?: CheckpointStore | undefined;
  readonly signal: AbortSignal;
  /** Where the training waits between steps while a person wants a pause, which counts as none of its time. */
  readonly pause?: PauseGate | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

/** A network after training: the weights of the epoch that was best on the validation split, or that was to be kept. */
export interface TrainedNetwork {
  readonly weights: ReadonlyMap<string, FloatTensor>;
  readonly bestEpoch: number;
  /** Of that epoch, on the validation split. */
  readonly quality: Quality;
  readonly endedBy: EndedBy;
  /** Time that the training took, over all its parts when it was resumed. */
  readonly seconds: number;
}
