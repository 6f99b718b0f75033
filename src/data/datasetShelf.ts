import type { Dataset, DatasetOptions, OpenContext } from './dataset.ts';
import { openDataset } from './openDataset.ts';

/**
 * Keeps the dataset that was opened last for the next run of this process, one after the other, that wants the same: its samples, and what was found
 * out about them, such as their hashes. Those whose samples are made when they are read are opened anew for each. Whoever makes it disposes of it.
 */
export class DatasetShelf {
  #kept: { readonly key: string; readonly dataset: Dataset } | undefined;

  /** As `openDataset`. Disposing of what it gives leaves it on the shelf. */
  async open(options: DatasetOptions, context: OpenContext): Promise<Dataset> {
    const { baseDirectory, seed, teacher } = context;
    const key = JSON.stringify([options, baseDirectory, seed, teacher]);
    if (this.#kept?.key === key) return lent(this.#kept.dataset);
    await this.dispose();
    const dataset = await openDataset(options, context);
    if (dataset.lateFindings || dataset.training.stream) return dataset;
    this.#kept = { key, dataset };
    return lent(dataset);
  }

  async dispose(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await kept?.dataset.dispose();
  }
}

function lent(dataset: Dataset): Dataset {
  return { ...dataset, dispose: () => Promise.resolve() };
}
