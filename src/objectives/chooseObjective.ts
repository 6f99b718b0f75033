import type { Task } from '../data/task.ts';
import { needsTeacher, type ObjectiveTerm } from './objectiveTerm.ts';
import { largestOf } from './scheduledNumber.ts';

/** The objective of an experiment that names none: the usual one for the task. */
export function usualObjective(task: Task['kind'], hasTeacher: boolean): readonly ObjectiveTerm[] {
  const labels = labelsAlone(task);
  if (!hasTeacher) return labels;
  const weighted = labels.map((term) => ({ ...term, weight: task === 'multi-label' ? 0.5 : 1 }));
  switch (task) {
    case 'classification':
    case 'token-classification':
      return [
        // Higher temperatures left students below their baseline on more real tasks than 1 did.
        { loss: 'kd', temperature: 1, weight: 0.9, target: 'soft', standardize: false },
        { loss: 'labels', weight: 0.1, smoothing: 0 },
      ];
    case 'multi-label':
      return [{ loss: 'binary-kd', temperature: 2, weight: 0.5 }, ...weighted];
    case 'regression':
    case 'reconstruction':
      return [{ loss: 'teacher-mse', weight: 0.5 }, ...weighted];
    case 'matching':
      return [{ loss: 'teacher-mse', weight: 1 }];
  }
}

/** Training on the labels alone; nothing where there are none. */
export function labelsAlone(task: Task['kind']): readonly ObjectiveTerm[] {
  switch (task) {
    case 'classification':
    case 'token-classification':
      return [{ loss: 'labels', weight: 1, smoothing: 0 }];
    case 'multi-label':
      return [{ loss: 'binary-labels', weight: 1 }];
    case 'regression':
    case 'reconstruction':
      return [{ loss: 'mse', weight: 1 }];
    case 'matching':
      return [];
  }
}

/**
 * The objective of the baseline: the terms that need no teacher at their weights relative to each other, or else the
 * task's labels. Nothing where there are no labels, and so no baseline.
 */
export function withoutTeacher(objective: readonly ObjectiveTerm[], task: Task['kind']): readonly ObjectiveTerm[] {
  const kept = objective.filter((term) => !needsTeacher(term) && largestOf(term.weight) > 0);
  const total = kept.reduce((sum, term) => sum + largestOf(term.weight), 0);
  if (total === 0) return labelsAlone(task);
  return kept.map((term) => ({ ...term, weight: largestOf(term.weight) / total }));
}
