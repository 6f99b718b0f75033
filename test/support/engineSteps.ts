import { randomStream } from '../../src/data/random.ts';
import type { EngineOptions, EngineStep, Losses, TrainingEngine } from '../../src/training/engines/engine.ts';
import type { TrainingPrecision } from '../../src/training/precision/trainingPrecision.ts';
import type { EngineNetwork } from './engineNetworks.ts';

const BATCH = 8;

/** Steps with batches that are drawn anew for every step; samples of class c lie around c. */
export function stepsOf({ sampleShape, classes }: EngineNetwork, count: number): EngineStep[] {
  const random = randomStream(3, 'batches');
  const length = sampleShape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: count }, (_, index) => {
    const labels = new Float32Array(BATCH * classes);
    const samples = new Float32Array(BATCH * length);
    for (let row = 0; row < BATCH; row++) {
      const label = Math.floor(random.uniform() * classes);
      labels[row * classes + label] = 1;
      for (let place = 0; place < length; place++) {
        samples[row * length + place] = Math.sin((label + 1) * place) + random.normal();
      }
    }
    return { batch: { samples, labels }, learningRate: 0.003, step: index + 1 };
  });
}

/** A classifier's training with Adam on the CPU. */
export function optionsOf({ graph, sampleShape, classes }: EngineNetwork, precision: TrainingPrecision): EngineOptions {
  return {
    task: 'classification',
    samples: { kind: 'values' },
    graph,
    sampleShape,
    outputShape: [classes],
    objective: [{ loss: 'labels', weight: 1, smoothing: 0 }],
    optimizer: { optimizer: 'adam', momentum: 0 },
    averageDecay: 0.9,
    precision,
    seed: 0,
    batchSize: BATCH,
    predictionBatch: BATCH,
    device: 'cpu',
  };
}

/** The losses of these steps, taken as many at once as are fastest. */
export async function curveOf(engine: TrainingEngine, steps: readonly EngineStep[]): Promise<Losses[]> {
  const losses: Losses[] = [];
  for (let start = 0; start < steps.length; start += engine.mostSteps) {
    await engine.run(steps.slice(start, start + engine.mostSteps));
    losses.push(...(await engine.losses()));
  }
  return losses;
}
