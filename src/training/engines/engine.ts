import type { Split } from '../../data/samples/split.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { FloatTensor } from '../../onnx/tensor.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { Batch } from '../batchFeeder.ts';
import type { TrainingTask } from '../trainingTask.ts';
import type { OptimizerOptions } from '../optimizers/chooseOptimizer.ts';
import type { TrainingPrecision } from '../precision/trainingPrecision.ts';

/** What an engine trains, and how. */
export interface EngineOptions extends TrainingTask {
  /** Forward graph with the initial weights and a symbolic batch; its first output is what is trained. */
  readonly graph: Graph;
  /** Names of the weights to train; by default all. */
  readonly trainable?: ReadonlySet<string> | undefined;
  readonly optimizer: OptimizerOptions;
  /** Norm that all gradients together are brought down to; by default they are left alone. */
  readonly clipNorm?: number | undefined;
  /**
   * Decay of an exponential average of the weights, 0…1; predictions are made with the average, and it is what is read as
   * the weights. By default there is none.
   */
  readonly averageDecay?: number | undefined;
  /** What network and gradients are computed in; by default float32. */
  readonly precision?: TrainingPrecision | undefined;
  /** Batches whose gradients are averaged for one update; 1 by default. */
  readonly accumulate?: number | undefined;
  /** Segments of the forward pass that are computed again for the backward pass, to save memory; by default everything is kept. */
  readonly recomputeSegments?: number | undefined;
  /** Decides what dropout drops. */
  readonly seed: number;
  readonly batchSize: number;
  /** Samples in one batch of a prediction. */
  readonly predictionBatch: number;
  readonly device: DeviceName;
}

/** What changes from step to step. */
export interface EngineStep {
  readonly batch: Batch;
  readonly learningRate: number;
  /** Counted from 1. */
  readonly step: number;
}

/** Losses of a step by name. */
export type Losses = Readonly<Record<string, number>>;

/** Trains one network: holds its weights, its optimizer's state and whatever runs them. The caller disposes of it. */
export interface TrainingEngine {
  /** Most steps that are faster in one run than in several. */
  readonly mostSteps: number;
  /** Operators of a step that the CPU computes though it trains on a device, each once; known after the first run. */
  readonly operatorsOnCpu: readonly string[];
  /** Does optimisation steps, one after another. */
  run(steps: readonly EngineStep[]): Promise<void>;
  /**
   * The losses of every step of the last run, `total` and each term by name. On a GPU this waits for the run.
   */
  losses(): Promise<readonly Losses[]>;
  /**
   * The network's outputs for a split under the present weights, [count, …] in the split's order.
   * @throws DistilleryError `CANCELLED` when the signal aborts
   */
  predict(split: Split, signal: AbortSignal): Promise<Float32Array>;
  /** Copies of the present weights and running statistics, or of their averages, by the name of their initializer. */
  readWeights(): Promise<ReadonlyMap<string, FloatTensor>>;
  /** Copies of everything that changes from step to step, by name: what `writeState` needs to go on from here. */
  readState(): Promise<ReadonlyMap<string, FloatTensor>>;
  /**
   * Goes on from where another engine of the same options was read.
   * @throws DistilleryError `BAD_INPUT` when the state is of another training
   */
  writeState(state: ReadonlyMap<string, FloatTensor>): void;
  dispose(): Promise<void>;
}

/** Makes an engine ready to train a network. */
export type OpenEngine = (options: EngineOptions) => Promise<TrainingEngine>;
