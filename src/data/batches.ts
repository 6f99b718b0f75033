import type { Random } from './random.ts';

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
 */
export function* shuffledBatches(sampleCount: number, batchSize: number, random: Random): Generator<Int32Array> {
  const order = random.shuffle(Int32Array.from({ length: sampleCount }, (_, index) => index));
  if (sampleCount < batchSize) {
    yield Int32Array.from({ length: batchSize }, (_, position) => order[position % sampleCount] ?? 0);
    return;
  }
  for (let start = 0; start + batchSize <= sampleCount; start += batchSize) {
    yield order.slice(start, start + batchSize);
  }
}

/** All samples in order, `batchSize` at a time; the last batch is filled up with its last sample. */
export function* sequentialBatches(sampleCount: number, batchSize: number): Generator<SequentialBatch> {
  for (let start = 0; start < sampleCount; start += batchSize) {
    const indices = Int32Array.from({ length: batchSize }, (_, offset) => Math.min(start + offset, sampleCount - 1));
    yield { indices, count: Math.min(batchSize, sampleCount - start) };
  }
}
