import type { Dataset } from '../../data/dataset.ts';
import { messageOf, type Problem } from '../../errors.ts';
import { latencyOf, timeInTurns, type TimedModel, type Timings } from '../../evaluation/latency.ts';
import { busiest, loadBetween, readLoad, type LoadReading } from '../../evaluation/machineLoad.ts';
import { isTimedEnough, ratioOfPair, type ComparedPair } from '../../evaluation/speedRatio.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { Interval } from '../../report/quality.ts';
import type { MeasuredLoad, Speed } from '../../report/speed.ts';
import { openNetwork } from '../../training/engines/networkFile.ts';
import type { Predictor } from '../../training/engines/predictor.ts';
import type { EvaluatedNetwork } from '../../evaluation/evaluateNetwork.ts';

const WARM_UP_ROUNDS = 3;
/** Samples at a time for what is measured of batches. */
export const REPORTED_BATCH = 32;

/** What is looked at of a network. */
type TimedNetwork = Pick<EvaluatedNetwork, 'name' | 'members'>;
type Samples = Pick<Dataset, 'samples' | 'sampleShape'>;

/** Speeds by network name. */
export type Speeds = ReadonlyMap<string, Speed>;

export interface SpeedOptions {
  readonly device: DeviceName;
  /** How long networks are timed on a device at most; where all is certain earlier, it ends then. */
  readonly limitMs: number;
  readonly onWarning: (problem: Problem) => void;
  /** Clocks that tell how busy the machine is. */
  readonly readLoad?: () => LoadReading;
}

/** How many times faster than the teacher the student is, and than the student its other forms, by the name of the faster one. */
export type SpeedRatios = ReadonlyMap<string, Interval>;

/** Speeds on a device, and on the CPU where that is another one. */
export interface MeasuredSpeeds {
  readonly device: DeviceName;
  readonly speeds: Speeds;
  readonly ratios: SpeedRatios;
  readonly cpuSpeeds: Speeds | undefined;
  readonly cpuRatios: SpeedRatios | undefined;
  readonly load: MeasuredLoad;
}

/**
 * Speed of networks on a device and on the CPU, of single samples and of batches, all networks in turns so that drift hits all alike, until
 * their ratios are certain. Where the device refuses one of them, that is told to `onWarning`, and all are measured on the CPU alone.
 */
export async function measureSpeed(
  networks: readonly TimedNetwork[],
  samples: Samples,
  options: SpeedOptions,
): Promise<MeasuredSpeeds> {
  const { device, onWarning } = options;
  const onCpu = await measureOn('cpu', networks, samples, options);
  const cpuAlone = { ...onCpu, device: 'cpu', cpuSpeeds: undefined, cpuRatios: undefined } as const;
  if (device === 'cpu') return cpuAlone;
  try {
    const onDevice = await measureOn(device, networks, samples, options);
    const load = busiest([onDevice.load, onCpu.load]);
    return { ...onDevice, device, cpuSpeeds: onCpu.speeds, cpuRatios: onCpu.ratios, load };
  } catch (error) {
    const message = `The speed on ${device} could not be measured: ${messageOf(error)} The report has that on the CPU.`;
    onWarning({ where: 'report', message });
    return cpuAlone;
  }
}

/** Which networks are compared. */
function pairsOf(networks: readonly TimedNetwork[]): readonly ComparedPair[] {
  return networks
    .flatMap(({ name }) => {
      if (name === 'teacher' || name === 'baseline') return [];
      return [{ slower: name === 'student' ? 'teacher' : 'student', faster: name }];
    })
    .filter(({ slower }) => networks.some(({ name }) => name === slower));
}

async function measureOn(
  device: DeviceName,
  networks: readonly TimedNetwork[],
  samples: Samples,
  { limitMs, readLoad: read = readLoad }: SpeedOptions,
): Promise<Pick<MeasuredSpeeds, 'speeds' | 'ratios' | 'load'>> {
  const options = { device, readLoad: read };
  const pairs = pairsOf(networks);
  const single = await measureInTurns(networks, samples, { ...options, batchSize: 1, limitMs: limitMs * 0.6, pairs });
  const batchable = networks.filter(({ members }) => members.every(({ model }) => model.fixedBatch === undefined));
  const batch = { ...options, batchSize: REPORTED_BATCH, limitMs: limitMs * 0.4, pairs: [] };
  const batched = await measureInTurns(batchable, samples, batch);
  const speeds = [...single.timings].map(([name, milliseconds]) => {
    const latencyMs = latencyOf(milliseconds);
    const ofBatch = batched.timings.get(name);
    const throughput = {
      single: 1000 / latencyMs.p50,
      batched: ofBatch === undefined ? null : (REPORTED_BATCH * 1000) / latencyOf(ofBatch).p50,
    };
    return [name, { latencyMs, throughput }] as const;
  });
  const ratios = pairs.flatMap((pair) => {
    const ratio = ratioOfPair(single.timings, pair);
    return ratio ? [[pair.faster, ratio] as const] : [];
  });
  return { speeds: new Map(speeds), ratios: new Map(ratios), load: busiest([single.load, batched.load]) };
}

interface MeasureOptions extends Pick<SpeedOptions, 'device' | 'limitMs'> {
  readonly batchSize: number;
  /** Those whose ratios are to be certain. */
  readonly pairs: readonly ComparedPair[];
  readonly readLoad: () => LoadReading;
}

async function measureInTurns(
  networks: readonly TimedNetwork[],
  { samples, sampleShape }: Samples,
  { device, batchSize, limitMs, pairs, readLoad: read }: MeasureOptions,
): Promise<{ readonly timings: Timings; readonly load: MeasuredLoad }> {
  const opened: Predictor[] = [];
  try {
    const timed: TimedModel[] = [];
    for (const { name, members } of networks) {
      const predictors: Predictor[] = [];
      for (const { model } of members) {
        const predictor = await openNetwork(model, { device, samples, sampleShape, batchSize, isTimed: true });
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
    let warmedUp = 0;
    // Warming up is no part of what the load is measured over.
    await timeInTurns(timed, { warmUp: 0, isEnough: ({ size }) => ++warmedUp >= WARM_UP_ROUNDS || size === 0 });
    const before = read();
    const timings = await timeInTurns(timed, {
      warmUp: 0,
      isEnough: (soFar, elapsedMs) => isTimedEnough(soFar, elapsedMs, { pairs, limitMs }),
    });
    return { timings, load: loadBetween(before, read(), device === 'cpu') };
  } finally {
    for (const predictor of opened) await predictor.dispose();
  }
}
