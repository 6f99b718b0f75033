import type { Preparation, TargetScale } from './preparation.ts';
import type { Task } from './task.ts';

/** How the numbers that a network predicts become numbers in their own units, in the network's order: value · std + mean. */
export function targetScales(task: Task, preparation: Preparation): readonly TargetScale[] {
  if (task.kind !== 'regression') return [];
  const scaled = new Map((preparation.targets ?? []).map((scale) => [scale.name, scale]));
  return task.targets.map((name) => scaled.get(name) ?? { name, mean: 0, std: 1 });
}

/** Of single precision: how much of a number is lost where it is scaled, and where it is scaled back. */
const LOST = 2 ** -22;

/**
 * A scaled number in its own units. What single precision lost of it on its way there and back is no part of it: a zero is zero again, not
 * 0.0000009.
 */
export function inOwnUnits(scaled: number, { mean, std }: Pick<TargetScale, 'mean' | 'std'>): number {
  const difference = scaled * std;
  const value = difference + mean;
  return Math.abs(value) <= LOST * (Math.abs(difference) + Math.abs(mean)) ? 0 : value;
}
