import type { Dataset } from '../../data/dataset.ts';
import { classesOf } from '../../data/task.ts';
import type { Problem } from '../../errors.ts';
import { formatPercent } from '../../report/format.ts';
import { mapByName } from '../../teacher/matching/classNames.ts';
import type { Verdict } from '../../teacher/matching/rankNormalizations.ts';

/** What is wrong with names of a teacher's outputs that lack classes of the dataset. */
export function unusableNames(names: readonly string[], { task }: Dataset, where: string): Problem {
  const classes = classesOf(task);
  const missing = classes.filter((name) => !names.some((other) => mapByName([other], [name])));
  const message =
    missing.length > 0
      ? `The teacher's classes lack ${missing.slice(0, 5).join(', ')}, which the dataset has.`
      : "The teacher's classes name one twice.";
  return {
    where,
    message,
    hint: `Name the class of every output once; the dataset has ${classes.slice(0, 12).join(', ')}.`,
  };
}

/** What a person should check of how a teacher was matched. */
export function warningsOf(
  { accuracy, before, isAssigned, isNearChance, classes: order }: Verdict,
  told: {
    readonly where: string;
    readonly chosen: string | undefined;
    readonly count: number;
    readonly classes: readonly string[];
    readonly isTable: boolean;
    /** What training samples said of how samples are prepared, where they decided it. */
    readonly decided?: Pick<Verdict, 'accuracy' | 'before' | 'isNearChance'> & { readonly count: number };
  },
): Problem[] {
  const { where, chosen, count, classes, isTable, decided } = told;
  const [share, former] = [formatPercent(accuracy, 1), formatPercent(before, 1)];
  const warnings: Problem[] = [];
  if (chosen !== undefined) {
    const message = decided
      ? `The teacher decides ${formatPercent(decided.before, 1)} of ${decided.count} training samples rightly as they are, and ${formatPercent(decided.accuracy, 1)} with ${chosen}; it gets them so.`
      : `The teacher decides ${former} of ${count} validation samples rightly as they are, and ${share} with ${chosen}; it gets them so.`;
    warnings.push({
      where,
      message,
      hint: isTable
        ? "Name what it was trained with in its field normalization; dataset.scaling 'none' gives the student the same."
        : 'Name what it was trained with in its field normalization.',
    });
  }
  if (isAssigned) {
    const message =
      `In the dataset's order of classes the teacher decides ${former} of ${count} validation samples rightly. By the best assignment of its ` +
      `outputs to classes it is ${share}, so they are put in this order: ${describeOrder(order, classes)}.`;
    warnings.push({ where, message, hint: 'Name its classes in its field classes.' });
  }
  if (isNearChance && decided?.isNearChance !== false) {
    const message = `The teacher decides only ${share} of ${count} validation samples rightly, which is no better than guessing.`;
    const hint =
      'Check that it was trained for these classes, and what its fields normalization and classes should say.';
    warnings.push({ where, message, hint });
  }
  return warnings;
}

/** Which output stands for which class, of the first ones. */
export function describeOrder(order: readonly number[], classes: readonly string[]): string {
  const most = 10;
  const told = order.slice(0, most).map((place, index) => `'${classes[index] ?? ''}' is output ${place}`);
  return `${told.join(', ')}${order.length > most ? ', …' : ''}`;
}
