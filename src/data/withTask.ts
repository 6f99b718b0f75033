import { BadInputError } from '../errors.ts';
import type { Split } from './samples/split.ts';
import { withTargets } from './samples/withTargets.ts';
import type { Source } from './source.ts';
import type { Targets } from './targets.ts';
import type { Task } from './task.ts';

/**
 * The source for another task than its labels suggest: what only needs the samples is possible with all of them.
 *
 * @throws BadInputError when the labels do not allow the task
 */
export function withTask(source: Source, kind: Task['kind'] | undefined): Source {
  if (kind === undefined || kind === source.task.kind) return source;
  if (kind !== 'matching' && kind !== 'reconstruction') {
    throw new BadInputError([
      {
        where: 'dataset.task',
        message: `The labels of this dataset (${source.format}) are for ${source.task.kind}, not for ${kind}.`,
        hint: `Leave the field out, or choose 'matching' or 'reconstruction', which need no labels.`,
      },
    ]);
  }
  if (kind === 'reconstruction' && source.samples.kind === 'tokens') {
    throw new BadInputError([
      {
        where: 'dataset.task',
        message: 'Texts cannot be reconstructed.',
        hint: "Choose 'matching' or a task with labels.",
      },
    ]);
  }
  const targets: Targets = kind === 'matching' ? { kind: 'none' } : { kind: 'samples' };
  const relabelled = (split: Split): Split => withTargets(split, targets);
  return {
    ...source,
    task: { kind },
    training: relabelled(source.training),
    ...(source.validation && { validation: relabelled(source.validation) }),
    ...(source.test && { test: relabelled(source.test) }),
  };
}
