import type { Dataset } from '../data/dataset.ts';
import { measureLatency } from '../evaluation/latency.ts';
import { classificationMetrics } from '../evaluation/metrics.ts';
import type { Latency, SplitMetrics } from '../protocol/report.ts';
import { areProbabilities } from '../teacher/outputs.ts';
import { openClassifier, type Classifier } from '../training/engines/classifier.ts';

/** A network's file and what the test split shows of it. */
export interface EvaluatedNetwork {
  readonly name: 'teacher' | 'student' | 'baseline';
  readonly model: Classifier;
  readonly metrics: SplitMetrics;
  /** The network's outputs on the test split, [count, classes]. */
  readonly outputs: Float32Array;
}

export interface EvaluationOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Runs the file of a network over the test split on the CPU, where anybody can repeat it.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function evaluateOnTest(
  name: EvaluatedNetwork['name'],
  model: Classifier,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<EvaluatedNetwork> {
  const predictor = await openClassifier(model, 'cpu');
  try {
    const outputs = await predictor.predict(dataset.test, options);
    const classes = dataset.classes.length;
    const kind = areProbabilities(outputs, classes) ? 'probabilities' : 'logits';
    const metrics = classificationMetrics(outputs, dataset.test.labels, classes, { outputs: kind });
    return { name, model, metrics, outputs };
  } finally {
    await predictor.dispose();
  }
}

const WARM_UP_ROUNDS = 3;
const ROUNDS = { fewest: 5, most: 200 };

/**
 * Latency of single samples on the CPU, all networks in turns so that drift hits all alike. By network name.
 * @param budgetMs about how long the measurement may take; it decides the number of rounds
 */
export async function measureLatencies(
  networks: readonly EvaluatedNetwork[],
  budgetMs: number,
): Promise<ReadonlyMap<string, Latency>> {
  const timed: { name: string; run: () => Promise<void>; dispose: () => Promise<void> }[] = [];
  try {
    for (const { name, model } of networks) {
      const predictor = await openClassifier(model, 'cpu', 1);
      timed.push({ name, run: () => predictor.runOnce(), dispose: () => predictor.dispose() });
    }
    const trial = await measureLatency(timed, { warmUp: WARM_UP_ROUNDS, rounds: 1 });
    const roundMs = [...trial.values()].reduce((sum, { p50 }) => sum + p50, 0);
    const rounds = Math.min(ROUNDS.most, Math.max(ROUNDS.fewest, Math.floor(budgetMs / roundMs)));
    return await measureLatency(timed, { warmUp: 0, rounds });
  } finally {
    for (const { dispose } of timed) await dispose();
  }
}
