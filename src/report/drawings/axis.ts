import { roundStep } from './roundStep.ts';

/** Ends and marks of a chart's axis, at round numbers around the data. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Decimals that tell the ticks apart. */
  readonly decimals: number;
}

/** An axis with about `count` marks at multiples of 1, 2 or 5 times a power of ten that covers every finite value. */
export function axisOf(values: readonly number[], count: number): Axis {
  const finite = values.filter(Number.isFinite);
  const smallest = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const largest = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  if (smallest === Infinity) return { low: 0, high: 1, ticks: [0, 1], decimals: 0 };
  const span = largest - smallest || Math.abs(largest) * 0.1 || 1;
  const step = roundStep(span / count);
  const first = Math.floor(smallest / step);
  const last = Math.max(Math.ceil(largest / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, ticks, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}
