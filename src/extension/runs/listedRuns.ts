import type { StoredRun } from '../../launching/readRun.ts';

/** Runs as they were last read, by their folders. */
export class ListedRuns {
  readonly #runs = new Map<string, StoredRun>();
  /** In the order of `newestFirst`, until something changes. */
  #sorted: readonly StoredRun[] | undefined;

  get newestFirst(): readonly StoredRun[] {
    this.#sorted ??= [...this.#runs.values()]
      .map((run) => ({ run, startedAt: Date.parse(run.status.startedAt) }))
      .sort((a, b) => b.startedAt - a.startedAt)
      .map(({ run }) => run);
    return this.#sorted;
  }

  get folders(): readonly string[] {
    return [...this.#runs.keys()];
  }

  has(folder: string): boolean {
    return this.#runs.has(folder);
  }

  get(folder: string): StoredRun | undefined {
    return this.#runs.get(folder);
  }

  set(folder: string, run: StoredRun): void {
    this.#runs.set(folder, run);
    this.#sorted = undefined;
  }

  delete(folder: string): void {
    this.#runs.delete(folder);
    this.#sorted = undefined;
  }
}
