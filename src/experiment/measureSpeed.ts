import type { Dataset } from '../data/dataset.ts';
import { measureLatency, type TimedModel } from '../evaluation/latency.ts';
import type { Latency, Throughput } from '../protocol/report.ts';
import { openNetwork } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { EvaluatedNetwork } from './evaluateStage.ts';

const WARM_UP_ROUNDS = 3;
const ROUNDS = { fewest: 5, most: 200 };
/** Samples at a time for what is measured of batches. */
export const REPORTED_BATCH = 32;

/** How fast a network is. */
export interface Speed {
  readonly latencyMs: Latency;
  readonly throughput: Throughput;
}

type Samples = Pick<Dataset, 'samples' | 'sampleShape'>;

/**
 * Speed of networks on the CPU, of single samples and of batches, all networks in turns so that drift hits all alike. By
 * network name.
 *
 * @param budgetMs about how long the measurement may take; it decides the number of rounds
 */
export async function measureSpeed(
  networks: readonly EvaluatedNetwork[],
  samples: Samples,
  budgetMs: number,
): Promise<ReadonlyMap<string, Speed>> {
  const single = await measureInTurns(networks, samples, 1, budgetMs * 0.6);
  const batchable = networks.filter(({ members }) => members.every(({ model }) => model.fixedBatch === undefined));
  const batched = await measureInTurns(batchable, samples, REPORTED_BATCH, budgetMs * 0.4);
  return new Map(
    [...single].map(([name, latencyMs]) => {
      const ofBatch = batched.get(name)?.p50;
      const throughput = {
        single: 1000 / latencyMs.p50,
        batched: ofBatch === undefined ? null : (REPORTED_BATCH * 1000) / ofBatch,
      };
      return [name, { latencyMs, throughput }];
    }),
  );
}

async function measureInTurns(
  networks: readonly EvaluatedNetwork[],
  { samples, sampleShape }: Samples,
  batchSize: number,
  budgetMs: number,
): Promise<ReadonlyMap<string, Latency>> {
  const opened: Predictor[] = [];
  try {
    const timed: TimedModel[] = [];
    for (const { name, members } of networks) {
      const predictors: Predictor[] = [];
      for (const { model } of members) {
        const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape, batchSize });
        opened.push(predictor);
        predictors.push(predictor);
      }
      timed.push({
        name,
        run: async () => {
          for (const predictor of predictors) await predictor.runOnce();
        },
      });
    }
    const trial = await measureLatency(timed, { warmUp: WARM_UP_ROUNDS, rounds: 1 });
    const roundMs = [...trial.values()].reduce((sum, { p50 }) => sum + p50, 0);
    const rounds = Math.min(ROUNDS.most, Math.max(ROUNDS.fewest, Math.floor(budgetMs / roundMs)));
    return await measureLatency(timed, { warmUp: 0, rounds });
  } finally {
    for (const predictor of opened) await predictor.dispose();
  }
}
