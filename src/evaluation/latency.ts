import { DistilleryError } from '../errors.ts';
import type { Latency } from '../protocol/report.ts';

/** A network whose forward pass is timed. */
export interface TimedModel {
  readonly name: string;
  /** One forward pass. */
  run(): Promise<void>;
}

export interface LatencyOptions {
  /** Rounds that are run first and not timed. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Times several networks against each other. Every round runs each of them once, and each round begins with another
 * one, so that a drifting clock rate or a busy machine hits all alike.
 *
 * @returns milliseconds of one forward pass, by name
 * @throws DistilleryError when no round is asked for
 */
export async function measureLatency(
  models: readonly TimedModel[],
  options: LatencyOptions,
): Promise<ReadonlyMap<string, Latency>> {
  const { warmUp, rounds, now = () => performance.now() } = options;
  if (rounds < 1) throw new DistilleryError('INTERNAL', 'Latency takes at least one round to measure.');
  const timed = models.map((model) => ({ model, milliseconds: [] as number[] }));
  for (let round = -warmUp; round < rounds; round++) {
    const first = (round + warmUp) % timed.length;
    for (const { model, milliseconds } of [...timed.slice(first), ...timed.slice(0, first)]) {
      const start = now();
      await model.run();
      if (round >= 0) milliseconds.push(now() - start);
    }
  }
  return new Map(timed.map(({ model, milliseconds }) => [model.name, latencyOf(milliseconds)]));
}

function latencyOf(milliseconds: readonly number[]): Latency {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

/** Quantile of sorted values, interpolated between neighbours. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}
