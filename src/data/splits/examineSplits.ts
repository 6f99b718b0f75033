import type { Dataset } from '../dataset.ts';
import type { Split } from '../samples/split.ts';
import { information, warning, type Finding } from '../findings/finding.ts';
import { classesOf } from '../task.ts';

/** Classes that are counted one by one; of more only the rarest and the most frequent are told. */
const MOST_COUNTED = 10;
/** How many times more frequent the most frequent class is than the rarest before it is a warning. */
const IMBALANCE = 10;

type Examined = Pick<Dataset, 'task' | 'training' | 'validation' | 'test'>;

/** Tells how many samples of each class the splits have, and warns of rare and absent classes. */
export function countClasses({ task, training, validation, test }: Examined): readonly Finding[] {
  const names = classesOf(task);
  const findings: Finding[] = [];
  for (const [name, split] of [
    ['training', training],
    ['validation', validation],
    ['test', test],
  ] as const) {
    const counts = countsOf(split, names.length);
    const order = [...counts.keys()].sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0));
    const told = (label: number): string => `${counts[label] ?? 0} '${names[label] ?? ''}'`;
    const [most = 0] = order;
    const least = order.at(-1) ?? 0;
    const shown = names.length <= MOST_COUNTED ? order.map(told).join(', ') : `from ${told(least)} to ${told(most)}`;
    findings.push(
      information('dataset', `The ${name} split has ${split.count} samples${counts.length > 0 ? `: ${shown}` : ''}.`),
    );
    const absent = order.filter((label) => counts[label] === 0).map((label) => `'${names[label] ?? ''}'`);
    if (absent.length > 0 && name !== 'validation') {
      findings.push(
        warning(
          'dataset',
          `The ${name} split has no sample of ${absent.slice(0, MOST_COUNTED).join(', ')}.`,
          'Give samples of every class.',
        ),
      );
    } else if (name === 'training' && (counts[most] ?? 0) >= IMBALANCE * (counts[least] ?? Infinity)) {
      findings.push(
        warning(
          'dataset',
          `The classes are out of balance: ${told(most)} and ${told(least)} to train with.`,
          'Accuracy alone tells little here; look at the rare classes too.',
        ),
      );
    }
  }
  return findings;
}

/** Samples of each class; none where samples have no single class. */
function countsOf({ targets }: Split, classes: number): readonly number[] {
  const counts = new Array<number>(classes).fill(0);
  if (targets.kind !== 'classes') return [];
  for (const label of targets.labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
