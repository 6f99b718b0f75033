import type { Dataset } from '../data/dataset.ts';
import { classesOf } from '../data/task.ts';
import type { ObjectiveTerm } from '../objectives/objectiveTerm.ts';

/**
 * Terms with `balanced` weights of classes as numbers: of n labelled samples, n / (C n_c) for a class with n_c of C classes, so that the mean over
 * the samples is 1; where a sample may have several classes, those without a class over those with it. A class that no sample has counts 1.
 */
export function balanceClasses(
  objective: readonly ObjectiveTerm[],
  { task, training }: Pick<Dataset, 'task' | 'training'>,
): readonly ObjectiveTerm[] {
  return objective.map((term) =>
    'classWeights' in term && term.classWeights === 'balanced'
      ? { ...term, classWeights: { each: balancedWeights(classesOf(task).length, training) } }
      : term,
  );
}

function balancedWeights(classes: number, { targets, count }: Dataset['training']): readonly number[] {
  const samples = new Array<number>(classes).fill(0);
  switch (targets.kind) {
    case 'classes':
    case 'tokens':
      for (const label of targets.labels) if (label >= 0) samples[label] = (samples[label] ?? 0) + 1;
      break;
    case 'values':
      targets.values.forEach((value, index) => {
        samples[index % targets.width] = (samples[index % targets.width] ?? 0) + value;
      });
      return samples.map((having) => (having > 0 ? (count - having) / having : 1));
    case 'samples':
    case 'none':
      break;
  }
  const all = samples.reduce((sum, each) => sum + each, 0);
  return samples.map((each) => (each > 0 ? all / (classes * each) : 1));
}
