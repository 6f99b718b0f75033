import type { Split } from '../data/dataset.ts';
import { selectSamples } from '../data/selectSamples.ts';
import type { Predictor } from '../training/engines/predictor.ts';
import type { Outputs } from './cache/outputsFile.ts';
import type { RowTables } from './rowTables.ts';

/** Samples whose outputs are in memory at once. */
const PIECE = 256;

export interface PredictIntoOptions {
  /** What becomes of outputs before they are written. */
  readonly keep: (outputs: Outputs) => Outputs;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/**
 * Puts the outputs of a network for every sample of a split into tables, piece by piece.
 *
 * @throws DistilleryError `CANCELLED` when the signal aborts
 */
export async function predictInto(
  tables: RowTables,
  predictor: Predictor,
  split: Split,
  { keep, signal, onProgress }: PredictIntoOptions,
): Promise<void> {
  for (let start = 0; start < split.count; start += PIECE) {
    const indices = Int32Array.from({ length: Math.min(PIECE, split.count - start) }, (_, index) => start + index);
    await tables.write(indices, keep(await predictor.predictAll(selectSamples(split, indices), { signal })));
    onProgress(start + indices.length);
  }
  await tables.finish();
}
