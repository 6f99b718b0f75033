import { formatLoss } from '../report/format.ts';
import type { Dataset } from '../data/dataset.ts';
import { inOwnUnits, targetScales } from '../data/targetScales.ts';
import type { ExplainedOutput } from './explainedOutput.ts';

/**
 * What a test sample, or the explained token, is labelled with: its classes, or the numbers to be predicted in their own units.
 * Null where there are no labels.
 */
export function describeTruth(
  { task, test: { targets }, preparation }: Pick<Dataset, 'task' | 'test' | 'preparation'>,
  sample: number,
  { first }: ExplainedOutput,
): readonly string[] | null {
  switch (task.kind) {
    case 'classification':
      return targets.kind === 'classes' ? named(task.classes[targets.labels[sample] ?? -1]) : null;
    case 'multi-label': {
      if (targets.kind !== 'values') return null;
      const { values, width } = targets;
      return task.classes.filter((_, index) => (values[sample * width + index] ?? 0) > 0.5);
    }
    case 'token-classification': {
      if (targets.kind !== 'tokens') return null;
      const token = first / task.classes.length;
      return named(task.classes[targets.labels[sample * targets.width + token] ?? -1]);
    }
    case 'regression': {
      if (targets.kind !== 'values') return null;
      const { values, width } = targets;
      return targetScales(task, preparation).map((scale, index) => {
        const value = formatLoss(inOwnUnits(values[sample * width + index] ?? NaN, scale));
        return task.targets.length > 1 ? `${scale.name} ${value}` : value;
      });
    }
    case 'reconstruction':
    case 'matching':
      return null;
  }
}

function named(name: string | undefined): readonly string[] | null {
  return name === undefined ? null : [name];
}
