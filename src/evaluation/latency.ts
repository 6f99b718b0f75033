import { DistilleryError } from '../errors.ts';
import type { Latency } from '../report/speed.ts';

/** A network whose forward pass is timed. */
export interface TimedModel {
  readonly name: string;
  /** One forward pass. */
  run(): Promise<void>;
}

/** Milliseconds of forward passes by network, one for every round, in the order of the rounds. */
export type Timings = ReadonlyMap<string, readonly number[]>;

export interface LatencyOptions {
  /** Rounds that are run first and not timed. */
  readonly warmUp: number;
  /** Asked after every round that was timed, with the milliseconds since the first of them; the last round is that for which it says true. */
  readonly isEnough: (timings: Timings, elapsedMs: number) => boolean;
  /** Clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Times several networks against each other. Every round runs each of them once, and each round begins with another
 * one, so that a drifting clock rate or a busy machine hits all alike.
 *
 * @returns milliseconds of forward passes, by name
 */
export async function timeInTurns(models: readonly TimedModel[], options: LatencyOptions): Promise<Timings> {
  const { warmUp, isEnough, now = () => performance.now() } = options;
  const timed = models.map((model) => ({ model, milliseconds: [] as number[] }));
  const timings = new Map(timed.map(({ model, milliseconds }) => [model.name, milliseconds]));
  let begun = now();
  for (let round = -warmUp; ; round++) {
    if (round === 0) begun = now();
    const first = (round + warmUp) % timed.length;
    for (const { model, milliseconds } of [...timed.slice(first), ...timed.slice(0, first)]) {
      const start = now();
      await model.run();
      if (round >= 0) milliseconds.push(now() - start);
    }
    if (round >= 0 && isEnough(timings, now() - begun)) return timings;
  }
}

/** Median and late percentiles, interpolated. @throws DistilleryError when nothing was timed */
export function latencyOf(milliseconds: readonly number[]): Latency {
  if (milliseconds.length === 0) throw new DistilleryError('INTERNAL', 'Latency takes at least one round to measure.');
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

/** Quantile of sorted values, interpolated between neighbours. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
