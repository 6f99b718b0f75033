import type { TrainingCheckpoint } from './checkpoint.ts';

/** Where a training's checkpoint comes from and goes to. */
export interface CheckpointStore {
  /** Where the training stood when it was stored last; undefined for one that begins. */
  readonly stored: TrainingCheckpoint | undefined;
  /** Stores where the training stands, in place of what was stored before. */
  save(checkpoint: TrainingCheckpoint): Promise<void>;
}

/** At the end of an epoch a checkpoint is stored unless that would take more than this share of the time. */
const LARGEST_SHARE = 0.05;

/** Decides when it is time for a checkpoint. */
export class Checkpoints {
  readonly #store: CheckpointStore;
  readonly #intervalMs: number;
  #storedAt = performance.now();
  #costMs = 0;

  /** @param minutes after which a checkpoint is stored in the middle of an epoch */
  constructor(store: CheckpointStore, minutes: number) {
    this.#store = store;
    this.#intervalMs = minutes * 60_000;
  }

  /** Whether one is due between two steps. */
  get isDue(): boolean {
    return performance.now() - this.#storedAt >= this.#intervalMs;
  }

  /** Whether one is due between two epochs. */
  get isDueAfterEpoch(): boolean {
    return this.isDue || this.#costMs <= LARGEST_SHARE * (performance.now() - this.#storedAt);
  }

  async save(checkpoint: TrainingCheckpoint): Promise<void> {
    const start = performance.now();
    await this.#store.save(checkpoint);
    this.#storedAt = performance.now();
    this.#costMs = this.#storedAt - start;
  }
}
