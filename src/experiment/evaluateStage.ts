import type { Dataset } from '../data/dataset.ts';
import { measureLatency } from '../evaluation/latency.ts';
import { judge } from '../evaluation/judge.ts';
import type { Latency, SplitMetrics } from '../protocol/report.ts';
import { asLogits, outputKind } from '../teacher/outputs.ts';
import { mixOutputs } from '../teacher/mixOutputs.ts';
import type { Teachers } from '../teacher/teach.ts';
import { openNetwork } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import { truthOf } from './truth.ts';

/** The files of a network, several for teachers that speak as one, and the share of each. */
export type Members = Teachers['members'];

/** What the test split shows of a network. */
export interface EvaluatedNetwork {
  readonly name: 'teacher' | 'student' | 'baseline';
  readonly members: Members;
  readonly metrics: SplitMetrics;
  /** The network's outputs on the test split, [count, …]. */
  readonly outputs: Float32Array;
}

export interface EvaluationOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** The teacher's outputs on the test split, where they are what is to be matched. */
  readonly teacherOutputs?: Float32Array | undefined;
}

/**
 * Runs the files of a network over the test split on the CPU, where anybody can repeat it.
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function evaluateOnTest(
  name: EvaluatedNetwork['name'],
  members: Members,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<EvaluatedNetwork> {
  const { task, test, samples, sampleShape } = dataset;
  const spoken: { logits: Float32Array; weight: number }[] = [];
  let kind: 'logits' | 'probabilities' = 'logits';
  for (const { model, weight } of members) {
    const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape });
    try {
      const outputs = await predictor.predict(test, options);
      kind = outputKind(task, outputs);
      // What a single network says is judged as it is.
      spoken.push({ logits: members.length === 1 ? outputs : asLogits(task, outputs, kind), weight });
    } finally {
      await predictor.dispose();
    }
  }
  const outputs = mixOutputs(task, spoken);
  const metrics = judge(task, outputs, await truthOf(test, sampleShape), {
    outputs: members.length === 1 ? kind : 'logits',
    teacherOutputs: options.teacherOutputs ?? outputs,
  });
  return { name, members, metrics, outputs };
}

const WARM_UP_ROUNDS = 3;
const ROUNDS = { fewest: 5, most: 200 };

/**
 * Latency of single samples on the CPU, all networks in turns so that drift hits all alike. By network name.
 * @param budgetMs about how long the measurement may take; it decides the number of rounds
 */
export async function measureLatencies(
  networks: readonly EvaluatedNetwork[],
  { samples, sampleShape }: Pick<Dataset, 'samples' | 'sampleShape'>,
  budgetMs: number,
): Promise<ReadonlyMap<string, Latency>> {
  const timed: { name: string; run: () => Promise<void>; dispose: () => Promise<void> }[] = [];
  try {
    for (const { name, members } of networks) {
      const predictors: Predictor[] = [];
      timed.push({
        name,
        run: async () => {
          for (const predictor of predictors) await predictor.runOnce();
        },
        dispose: async () => {
          for (const predictor of predictors) await predictor.dispose();
        },
      });
      for (const { model } of members) {
        predictors.push(await openNetwork(model, { device: 'cpu', samples, sampleShape, batchSize: 1 }));
      }
    }
    const trial = await measureLatency(timed, { warmUp: WARM_UP_ROUNDS, rounds: 1 });
    const roundMs = [...trial.values()].reduce((sum, { p50 }) => sum + p50, 0);
    const rounds = Math.min(ROUNDS.most, Math.max(ROUNDS.fewest, Math.floor(budgetMs / roundMs)));
    return await measureLatency(timed, { warmUp: 0, rounds });
  } finally {
    for (const { dispose } of timed) await dispose();
  }
}
