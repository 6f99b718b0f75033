import { setImmediate } from 'node:timers/promises';
import { throwIfCancelled } from '../cancellation.ts';
import type { Dataset } from '../dataset.ts';
import type { Split } from '../samples/split.ts';
import { information, warning, type Finding } from '../findings/finding.ts';
import { HashTable } from './hashTable.ts';
import { elementCount } from '../../onnx/tensor.ts';

/** Values, and samples, that are compared while a dataset is opened; more would take longer than opening does. */
const MOST_AT_ONCE = 2 ** 26;
const MOST_SAMPLES_AT_ONCE = 2 ** 19;
/** Values in memory, and test samples, that are compared later on; the table of so many takes 200 MB. */
const MOST_LATER = 2 ** 32;
const MOST_TEST_SAMPLES = 2 ** 23;
/** Training samples, and their values, that are compared with each other. */
const MOST_REPEATED = 2 ** 20;
const MOST_REPEATED_VALUES = 2 ** 25;
/** Values, and encoded samples, that are hashed at once. */
const BATCH_VALUES = 2 ** 20;
const BATCH_ENCODED = 64;

type Compared = Pick<Dataset, 'sampleShape' | 'training' | 'test'>;

/**
 * When training and test are compared: while the dataset is opened, while it is trained on, or not at all, because there are too many
 * samples or they are made anew whenever they are read.
 */
export function whenToCompare({ sampleShape, training, test }: Compared): 'at-once' | 'later' | 'never' {
  const splits = [training, test];
  if (test.count > MOST_TEST_SAMPLES) return 'never';
  if (splits.some(({ stream }) => stream))
    return splits.every(({ stream }) => stream?.fingerprints) ? 'later' : 'never';
  const count = training.count + test.count;
  const values = count * elementCount(sampleShape);
  if (count <= MOST_SAMPLES_AT_ONCE && values <= MOST_AT_ONCE) return 'at-once';
  return values <= MOST_LATER ? 'later' : 'never';
}

/**
 * Warns of test samples that are also trained on, which makes the test flatter. Samples are compared by hashes of 64 bits: those in
 * memory by hashes of their values, others by hashes of their encoded contents.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts, or the dataset is closed
 */
export async function findDuplicates(
  { sampleShape, training, test }: Compared,
  signal?: AbortSignal,
): Promise<readonly Finding[]> {
  const size = elementCount(sampleShape);
  const table = new HashTable(test.count);
  await hashSamples(test, size, signal, (one, other) => {
    table.add(one, other);
  });
  let duplicates = 0;
  await hashSamples(training, size, signal, (one, other) => {
    duplicates += table.take(one, other);
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

/**
 * How many training samples equal an earlier one; undefined where they are too many to be compared while somebody waits, or are
 * made anew whenever they are read.
 */
export async function countRepeated({
  sampleShape,
  training,
}: Pick<Dataset, 'sampleShape' | 'training'>): Promise<number | undefined> {
  const size = elementCount(sampleShape);
  const isMuch = training.count > MOST_REPEATED || training.count * size > MOST_REPEATED_VALUES;
  if (training.stream || isMuch) return undefined;
  const table = new HashTable(training.count);
  let repeated = 0;
  await hashSamples(training, size, undefined, (one, other) => {
    if (table.add(one, other) > 0) repeated++;
  });
  return repeated;
}

async function hashSamples(
  split: Split,
  size: number,
  signal: AbortSignal | undefined,
  take: (one: number, other: number) => void,
): Promise<void> {
  const fingerprints = split.stream?.fingerprints;
  const batch = fingerprints ? BATCH_ENCODED : Math.max(1, Math.floor(BATCH_VALUES / size));
  const values = new Float32Array(fingerprints ? 0 : batch * size);
  const words = new Uint32Array(values.buffer);
  for (let start = 0; start < split.count; start += batch) {
    throwIfCancelled(signal);
    const indices = Int32Array.from({ length: Math.min(batch, split.count - start) }, (_, index) => start + index);
    if (fingerprints) {
      const hashes = await fingerprints(indices);
      for (let row = 0; row < hashes.length; row += 2) take(hashes[row] ?? 0, hashes[row + 1] ?? 0);
      continue;
    }
    await split.read(indices, values.subarray(0, indices.length * size));
    for (let row = 0; row < indices.length; row++) hash(words, row * size, (row + 1) * size, take);
    // Whatever else there is to be done in this thread comes first.
    if (signal) await setImmediate();
  }
}

/** Two multiplicative hashes side by side. */
function hash(words: Uint32Array, start: number, end: number, take: (one: number, other: number) => void): void {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let at = start; at < end; at++) {
    const word = words[at] ?? 0;
    one = Math.imul(one ^ word, 0x01000193);
    other = Math.imul(other ^ (word >>> 15) ^ word, 0x85ebca6b);
    one ^= one >>> 13;
    other ^= other >>> 16;
  }
  take(one >>> 0, other >>> 0);
}
