import type { Random } from './random.ts';
import type { SampleBlocks } from './samples/split.ts';

/** A batch of an evaluation, always of full size: what follows the first `count` indices is padding. */
export interface SequentialBatch {
  readonly indices: Int32Array;
  /** How many of the indices are samples of their own. */
  readonly count: number;
}

/** Batches that `shuffledBatches` gives for one epoch. */
export function batchesPerEpoch(sampleCount: number, batchSize: number): number {
  return Math.max(1, Math.floor(sampleCount / batchSize));
}

/**
 * The batches of one training epoch: sample indices in random order, `batchSize` at a time, no sample twice. A training
 * graph has a fixed batch size, so the last samples are left out when they fill no batch; which ones those are changes
 * with every epoch's order. When there are fewer samples than the batch size, the one batch of the epoch goes
 * through the random order again and again until it is full, so that no two samples differ by more than one in how often they occur.
 *
 * @param sampleCount at least 1
 * @param blocks where the samples lie, if they are read by blocks: these are drawn at random, and the samples of as many as are held together are mixed
 */
export function* shuffledBatches(
  sampleCount: number,
  batchSize: number,
  random: Random,
  blocks?: SampleBlocks,
): Generator<Int32Array> {
  const order = shuffled(sampleCount, random, blocks);
  if (sampleCount < batchSize) {
    yield Int32Array.from({ length: batchSize }, (_, position) => order[position % sampleCount] ?? 0);
    return;
  }
  for (let start = 0; start + batchSize <= sampleCount; start += batchSize) {
    yield order.slice(start, start + batchSize);
  }
}

function shuffled(count: number, random: Random, blocks: SampleBlocks | undefined): Int32Array {
  const all = Int32Array.from({ length: count }, (_, index) => index);
  if (!blocks) return random.shuffle(all);
  const { starts, samples } = byBlock(count, blocks);
  if (starts.length - 1 <= blocks.together) return random.shuffle(all);
  const drawn = random.shuffle(Int32Array.from({ length: starts.length - 1 }, (_, block) => block));
  let end = 0;
  for (let first = 0; first < drawn.length; first += blocks.together) {
    const begin = end;
    for (const block of drawn.subarray(first, first + blocks.together)) {
      const own = samples.subarray(starts[block], starts[block + 1]);
      all.set(own, end);
      end += own.length;
    }
    random.shuffle(all.subarray(begin, end));
  }
  return all;
}

/** Samples block by block, and where each block begins among them. */
function byBlock(count: number, blocks: SampleBlocks): { readonly starts: Int32Array; readonly samples: Int32Array } {
  const places = new Map<number, number>();
  const blockOf = Int32Array.from({ length: count }, (_, index) => {
    const block = blocks.of(index);
    const place = places.get(block) ?? places.size;
    places.set(block, place);
    return place;
  });
  const starts = new Int32Array(places.size + 1);
  for (const block of blockOf) starts[block + 1] = (starts[block + 1] ?? 0) + 1;
  for (let block = 0; block < places.size; block++) starts[block + 1] = (starts[block + 1] ?? 0) + (starts[block] ?? 0);
  const next = starts.slice();
  const samples = new Int32Array(count);
  blockOf.forEach((block, index) => {
    const at = next[block] ?? 0;
    samples[at] = index;
    next[block] = at + 1;
  });
  return { starts, samples };
}

/** All samples in order, `batchSize` at a time; the last batch is filled up with its last sample. */
export function* sequentialBatches(sampleCount: number, batchSize: number): Generator<SequentialBatch> {
  for (let start = 0; start < sampleCount; start += batchSize) {
    const indices = Int32Array.from({ length: batchSize }, (_, offset) => Math.min(start + offset, sampleCount - 1));
    yield { indices, count: Math.min(batchSize, sampleCount - start) };
  }
}
