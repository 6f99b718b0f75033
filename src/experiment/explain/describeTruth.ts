import { formatLoss } from '../../protocol/format.ts';
import type { Dataset } from '../../data/dataset.ts';
import { joined } from '../suggest.ts';
import { targetScales } from '../targetScales.ts';
import type { ExplainedOutput } from './explainedOutput.ts';

/**
 * What a test sample, or the explained token, is labelled with: its classes, or the numbers to be predicted in their own units.
 * Undefined where there are no labels.
 */
export function describeTruth(
  { task, test: { targets }, preparation }: Pick<Dataset, 'task' | 'test' | 'preparation'>,
  sample: number,
  { first }: ExplainedOutput,
): string | undefined {
  switch (task.kind) {
    case 'classification':
      return targets.kind === 'classes' ? task.classes[targets.labels[sample] ?? -1] : undefined;
    case 'multi-label': {
      if (targets.kind !== 'values') return undefined;
      const { values, width } = targets;
      const own = task.classes.filter((_, index) => (values[sample * width + index] ?? 0) > 0.5);
      return own.length === 0 ? 'nothing' : joined(own, 'and');
    }
    case 'token-classification': {
      if (targets.kind !== 'tokens') return undefined;
      const token = first / task.classes.length;
      return task.classes[targets.labels[sample * targets.width + token] ?? -1];
    }
    case 'regression': {
      if (targets.kind !== 'values') return undefined;
      const { values, width } = targets;
      const own = targetScales(task, preparation).map(({ name, mean, std }, index) => {
        const value = formatLoss((values[sample * width + index] ?? NaN) * std + mean);
        return task.targets.length > 1 ? `${name} ${value}` : value;
      });
      return joined(own, 'and');
    }
    case 'reconstruction':
    case 'matching':
      return undefined;
  }
}
