import type { Dataset } from '../data/dataset.ts';
import { messageOf, type Problem } from '../errors.ts';
import { measureLatency, type TimedModel } from '../evaluation/latency.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { Latency, Speed } from '../protocol/report.ts';
import { openNetwork } from '../training/engines/networkFile.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { EvaluatedNetwork } from './evaluateStage.ts';

const WARM_UP_ROUNDS = 3;
const ROUNDS = { fewest: 5, most: 200 };
/** Samples at a time for what is measured of batches. */
export const REPORTED_BATCH = 32;

/** What is looked at of a network. */
type TimedNetwork = Pick<EvaluatedNetwork, 'name' | 'members'>;
type Samples = Pick<Dataset, 'samples' | 'sampleShape'>;

/** Speeds by network name. */
export type Speeds = ReadonlyMap<string, Speed>;

export interface SpeedOptions {
  readonly device: DeviceName;
  /** About how long the measurement may take on a device; it decides the number of rounds. */
  readonly budgetMs: number;
  readonly onWarning: (problem: Problem) => void;
}

/** Speeds on a device, and on the CPU where that is another one. */
export interface MeasuredSpeeds {
  readonly device: DeviceName;
  readonly speeds: Speeds;
  readonly cpuSpeeds: Speeds | undefined;
}

/**
 * Speed of networks on a device and on the CPU, of single samples and of batches, all networks in turns so that drift hits all alike.
 * Where the device refuses one of them, that is told to `onWarning`, and all are measured on the CPU alone.
 */
export async function measureSpeed(
  networks: readonly TimedNetwork[],
  samples: Samples,
  { device, budgetMs, onWarning }: SpeedOptions,
): Promise<MeasuredSpeeds> {
  const onCpu = await measureOn('cpu', networks, samples, budgetMs);
  if (device === 'cpu') return { device, speeds: onCpu, cpuSpeeds: undefined };
  try {
    return { device, speeds: await measureOn(device, networks, samples, budgetMs), cpuSpeeds: onCpu };
  } catch (error) {
    const message = `The speed on ${device} could not be measured: ${messageOf(error)} The report has that on the CPU.`;
    onWarning({ where: 'report', message });
    return { device: 'cpu', speeds: onCpu, cpuSpeeds: undefined };
  }
}

async function measureOn(
  device: DeviceName,
  networks: readonly TimedNetwork[],
  samples: Samples,
  budgetMs: number,
): Promise<Speeds> {
  const single = await measureInTurns(networks, samples, { device, batchSize: 1, budgetMs: budgetMs * 0.6 });
  const batchable = networks.filter(({ members }) => members.every(({ model }) => model.fixedBatch === undefined));
  const batch = { device, batchSize: REPORTED_BATCH, budgetMs: budgetMs * 0.4 };
  const batched = await measureInTurns(batchable, samples, batch);
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

interface MeasureOptions extends Pick<SpeedOptions, 'device' | 'budgetMs'> {
  readonly batchSize: number;
}

async function measureInTurns(
  networks: readonly TimedNetwork[],
  { samples, sampleShape }: Samples,
  { device, batchSize, budgetMs }: MeasureOptions,
): Promise<ReadonlyMap<string, Latency>> {
  const opened: Predictor[] = [];
  try {
    const timed: TimedModel[] = [];
    for (const { name, members } of networks) {
      const predictors: Predictor[] = [];
      for (const { model } of members) {
        const predictor = await openNetwork(model, { device, samples, sampleShape, batchSize });
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
