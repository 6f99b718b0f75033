import type { Dataset, Split } from './dataset.ts';
import { information, warning, type Finding } from './finding.ts';
import { classesOf } from './task.ts';

/** Classes that are counted one by one; of more only the rarest and the most frequent are told. */
const MOST_COUNTED = 10;
/** How many times more frequent the most frequent class is than the rarest before it is a warning. */
const IMBALANCE = 10;
/** Values, and samples, that are compared at most; more would take longer than opening does. */
const MOST_COMPARED = 2 ** 26;
const MOST_COMPARED_SAMPLES = 2 ** 19;
const BATCH_VALUES = 2 ** 20;

type Examined = Pick<Dataset, 'task' | 'sampleShape' | 'training' | 'validation' | 'test'>;

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

/**
 * Warns of test samples that are also trained on, which makes the test flatter: compares the samples by hashes of 53 bits. Large
 * datasets, and those that are not in memory, are not compared.
 */
export async function findDuplicates({ sampleShape, training, test }: Examined): Promise<readonly Finding[]> {
  const size = sampleShape.reduce((product, dimension) => product * dimension, 1);
  const count = training.count + test.count;
  if (count > MOST_COMPARED_SAMPLES || count * size > MOST_COMPARED) return [];
  if (training.stream ?? test.stream) return [];
  const counts = new Map<number, number>();
  await hashSamples(test, size, (hash) => counts.set(hash, (counts.get(hash) ?? 0) + 1));
  let duplicates = 0;
  await hashSamples(training, size, (hash) => {
    duplicates += counts.get(hash) ?? 0;
    counts.delete(hash);
  });
  if (duplicates === 0) return [];
  const message = `${duplicates} of ${test.count} test samples are in the training split too.`;
  return [
    duplicates < test.count / 100
      ? information('dataset', message)
      : warning(
          'dataset',
          message,
          'The test says less about new data; remove them, or keep them together with dataset.split.',
        ),
  ];
}

async function hashSamples(split: Split, size: number, take: (hash: number) => void): Promise<void> {
  const batch = Math.max(1, Math.floor(BATCH_VALUES / size));
  const values = new Float32Array(batch * size);
  const words = new Uint32Array(values.buffer);
  for (let start = 0; start < split.count; start += batch) {
    const indices = Int32Array.from({ length: Math.min(batch, split.count - start) }, (_, index) => start + index);
    await split.read(indices, values.subarray(0, indices.length * size));
    for (let row = 0; row < indices.length; row++) take(hashOf(words, row * size, (row + 1) * size));
  }
}

/** Two multiplicative hashes side by side; 53 bits of them fit a number. */
function hashOf(words: Uint32Array, start: number, end: number): number {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let at = start; at < end; at++) {
    const word = words[at] ?? 0;
    one = Math.imul(one ^ word, 0x01000193);
    other = Math.imul(other ^ (word >>> 15) ^ word, 0x85ebca6b);
    one ^= one >>> 13;
    other ^= other >>> 16;
  }
  return (one >>> 0) + (other & 0x1fffff) * 2 ** 32;
}
