import type { Task } from '../data/task.ts';
import { labelsAlone, usualObjective } from './chooseObjective.ts';
import type { ObjectiveTerm } from './objectiveTerm.ts';

/** The objectives that are tried where an experiment names none. */
export interface Portfolio {
  /** What is taken where nothing is clearly better and the teacher is better than the student alone. */
  readonly safe: readonly ObjectiveTerm[];
  /** The labels alone; empty where there are none. */
  readonly alone: readonly ObjectiveTerm[];
  readonly others: readonly (readonly ObjectiveTerm[])[];
}

/** Each of these was best on one real task or another; `docs/defaults.md` says how they are tried. */
export function portfolioFor(task: Task['kind']): Portfolio {
  return { safe: usualObjective(task, true), alone: labelsAlone(task), others: othersFor(task) };
}

function othersFor(task: Task['kind']): readonly (readonly ObjectiveTerm[])[] {
  switch (task) {
    case 'classification':
    case 'token-classification': {
      const labels = { loss: 'labels', weight: 0.1, smoothing: 0 } as const;
      const kd = { loss: 'kd', weight: 0.9, target: 'soft' } as const;
      return [
        [{ ...kd, temperature: 1, weight: 1, standardize: false }],
        [{ ...kd, temperature: 2, standardize: false }, labels],
        [{ ...kd, temperature: 4, standardize: false }, labels],
        [{ ...kd, temperature: 2, standardize: true }, labels],
        [
          { loss: 'dkd', alpha: 1, beta: 2, temperature: 4, weight: 1, standardize: false },
          { ...labels, weight: 1 },
        ],
      ];
    }
    case 'multi-label': {
      const labels = { loss: 'binary-labels', weight: 0.5 } as const;
      return [
        [{ loss: 'binary-kd', temperature: 4, weight: 0.5 }, labels],
        [{ loss: 'binary-kd', temperature: 1, weight: 1 }],
      ];
    }
    case 'regression':
    case 'reconstruction':
      return [
        [{ loss: 'teacher-mse', weight: 1 }],
        [
          { loss: 'teacher-mse', weight: 0.5, bounded: { margin: 0 } },
          { loss: 'mse', weight: 1 },
        ],
      ];
    case 'matching':
      return [];
  }
}

/** An objective in short, in the words of the file: `kd T 2 standardized × 0.9 + labels × 0.1`. */
export function shortObjective(objective: readonly ObjectiveTerm[]): string {
  return objective
    .map((term) => {
      const words = [
        term.loss,
        ...('temperature' in term && typeof term.temperature === 'number' ? [`T ${term.temperature}`] : []),
        ...('standardize' in term && term.standardize ? ['standardized'] : []),
        ...('bounded' in term && term.bounded ? ['bounded'] : []),
      ];
      return typeof term.weight === 'number' ? `${words.join(' ')} × ${term.weight}` : words.join(' ');
    })
    .join(' + ');
}
