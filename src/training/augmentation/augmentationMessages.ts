import type { BatchAugmentation, BatchMoment } from './batchAugmentation.ts';

/** What the thread that alters batches starts with. */
export interface AugmentationSetup {
  readonly batchAugmentation: BatchAugmentation;
  readonly sampleShape: readonly number[];
  /** Room for the samples of one batch, and for its labels where it has any: float32. */
  readonly samples: SharedArrayBuffer;
  readonly labels: SharedArrayBuffer | undefined;
}

/** What is asked of the thread; it answers when a batch is altered. */
export type AugmentationRequest =
  | { readonly kind: 'alter'; readonly moment: BatchMoment }
  /** Ends the thread. */
  | { readonly kind: 'stop' };
