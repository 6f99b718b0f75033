/**
 * A number that changes linearly over a run: `from` at the start, `to` when the share `until` (0…1] of it is done, and
 * on.
 */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly until: number;
}

/**
 * A weight or a temperature: constant, or a ramp. The warm-up min(epoch / 20, 1) of a run of 240 epochs is
 * `{ from: 0, to: 1, until: 20 / 240 }`.
 */
export type Scheduled = number | Ramp;

/** The number at a moment of the run. @param progress the share of the run's steps that are done, 0…1 */
export function scheduledAt(value: Scheduled, progress: number): number {
  if (typeof value === 'number') return value;
  const { from, to, until } = value;
  return progress >= until ? to : from + (to - from) * (progress / until);
}

/** The largest number that it takes during a run. */
export function largestOf(value: Scheduled): number {
  return typeof value === 'number' ? value : Math.max(value.from, value.to);
}
