import type { TrainingEngine } from './engines/engine.ts';
import { OnnxRuntimeEngine } from './engines/onnxruntimeEngine.ts';
import type { TrainNetworkOptions } from './trainNetworkOptions.ts';

/** Samples in one batch of the validation pass. */
const VALIDATION_BATCH = 256;

/** Opens what runs the steps of a training; the caller disposes of it. */
export function openTrainingEngine(options: TrainNetworkOptions): Promise<TrainingEngine> {
  const { options: training, validation } = options;
  const open = options.openEngine ?? ((network) => OnnxRuntimeEngine.open(network));
  return open({
    ...options,
    optimizer: training,
    clipNorm: training.clipNorm,
    averageDecay: training.averageDecay,
    precision: training.precision,
    accumulate: training.accumulate,
    recomputeSegments: training.recomputeSegments,
    seed: training.seed,
    batchSize: training.batchSize,
    predictionBatch: Math.min(VALIDATION_BATCH, validation.count),
  });
}
