import type { Problem } from '../../errors.ts';
import type { Split } from '../samples/split.ts';
import { selectSamples } from '../samples/selectSamples.ts';
import { classesOf, type Task } from '../task.ts';

/**
 * A split without the samples of some classes. Adds to `problems` what names no class, or leaves nothing.
 * @param excluded names of classes
 */
export function excludeClasses(
  split: Split,
  task: Task,
  excluded: readonly string[] | undefined,
  problems: Problem[],
): Split {
  const { targets } = split;
  if (!excluded) return split;
  if (targets.kind !== 'classes') {
    const message = 'Only samples of one class each can be left out by their class.';
    problems.push({ where: 'dataset.exclude', message, hint: 'Remove the field.' });
    return split;
  }
  const classes = classesOf(task);
  excluded.forEach((name, index) => {
    if (classes.includes(name)) return;
    problems.push({
      where: `dataset.exclude[${index}]`,
      message: `The dataset has no class '${name}'.`,
      hint: `Its classes are ${classes.slice(0, 12).join(', ')}${classes.length > 12 ? ', …' : ''}.`,
    });
  });
  const kept = Int32Array.from({ length: split.count }, (_, index) => index).filter(
    (index) => !excluded.includes(classes[targets.labels[index] ?? 0] ?? ''),
  );
  if (kept.length === 0) {
    const message = 'Without these classes no training samples are left.';
    problems.push({ where: 'dataset.exclude', message, hint: 'Exclude fewer classes.' });
  }
  return selectSamples(split, kept);
}
