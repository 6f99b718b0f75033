import { copyRows } from '../data/targets.ts';
import type { Batch, TaughtBatch, Teaching } from '../training/batchFeeder.ts';

/**
 * What teachers made of every sample of a split, computed once: tables [count, …] by the name of the training step's input.
 * Row i belongs to sample i of the split, whatever the order of the batches.
 */
export class TableTeaching implements Teaching {
  readonly #tables: ReadonlyMap<string, Float32Array>;
  readonly #count: number;

  constructor(tables: ReadonlyMap<string, Float32Array>, count: number) {
    this.#tables = tables;
    this.#count = count;
  }

  write({ indices }: TaughtBatch, target: Batch): Promise<void> {
    return new Promise((resolve) => {
      for (const [name, table] of this.#tables) {
        // Not every objective looks at everything that teachers say.
        const rows = target[name];
        if (rows) copyRows(table, table.length / this.#count, indices, rows);
      }
      resolve();
    });
  }
}
