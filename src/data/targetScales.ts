import type { Preparation, TargetScale } from './preparation.ts';
import type { Task } from './task.ts';

/** How the numbers that a network predicts become numbers in their own units, in the network's order: value · std + mean. */
export function targetScales(task: Task, preparation: Preparation): readonly TargetScale[] {
  if (task.kind !== 'regression') return [];
  const scaled = new Map((preparation.targets ?? []).map((scale) => [scale.name, scale]));
  return task.targets.map((name) => scaled.get(name) ?? { name, mean: 0, std: 1 });
}
