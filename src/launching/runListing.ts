import { join } from 'node:path';
import { setImmediate as othersTurn } from 'node:timers/promises';
import { QuickFiles } from './quickFiles.ts';
import { readRun, type FileAccess, type StoredRun } from './readRun.ts';
import { readRunIndex, writeRunIndex, type IndexedRun } from './runIndex.ts';

/** Run folders that are looked at at once. */
const AT_ONCE = 64;

/** A folder that changed less long ago than the coarsest clocks of file systems tell apart may change once more unnoticed. */
const SETTLED_MS = 2500;

/**
 * The runs in a folder of runs. `list` shows at once what the index says and reads only what is not in it; `check` then finds out
 * what changed since the index was written, and brings it up to date.
 */
export class RunListing {
  readonly #directory: string;
  readonly #files: FileAccess;
  #known = new Map<string, IndexedRun>();
  /** Whether the index says something else than what is known. */
  #isDirty = false;

  constructor(directory: string, files: FileAccess = new QuickFiles()) {
    this.#directory = directory;
    this.#files = files;
  }

  /** In no order. A folder without a readable status is no run. */
  async list(): Promise<readonly StoredRun[]> {
    const [names, index] = await Promise.all([this.#names(), readRunIndex(this.#directory, this.#files)]);
    const unknown = names.filter((name) => !index.has(name));
    const known = names.flatMap((name) => {
      const entry = index.get(name);
      return entry ? [[name, entry] as const] : [];
    });
    this.#known = new Map(known);
    this.#isDirty = known.length < index.size;
    const listed = known.map(([name, { run }]) => ({ folder: join(this.#directory, name), ...run }));
    return [...listed, ...(await this.#read(unknown))];
  }

  /**
   * Reads again what changed since it was listed.
   * @returns those that are another now; undefined for a folder that holds no run any more
   */
  async check(): Promise<ReadonlyMap<string, StoredRun | undefined>> {
    const changed = new Map<string, StoredRun | undefined>();
    const names = await this.#names();
    const there = new Set(names);
    const gone = [...this.#known.keys()].filter((name) => !there.has(name));
    const stale: string[] = [];
    await inParts(names, async (name) => {
      const modified = await this.#modified(name);
      if (this.#known.get(name)?.modified !== modified) stale.push(name);
    });
    for (const name of [...gone, ...stale]) {
      if (this.#known.delete(name)) this.#isDirty = true;
      changed.set(join(this.#directory, name), undefined);
    }
    for (const run of await this.#read(stale)) changed.set(run.folder, run);
    if (this.#isDirty) await this.#store();
    return changed;
  }

  async #read(names: readonly string[]): Promise<readonly StoredRun[]> {
    const runs: StoredRun[] = [];
    await inParts(names, async (name) => {
      // Before the run is read: a change meanwhile is found the next time.
      const modified = await this.#modified(name);
      const run = await readRun(join(this.#directory, name), this.#files);
      if (!run) return;
      runs.push(run);
      const isSettled = run.status.state !== 'running' && Date.now() - modified > SETTLED_MS;
      if (!isSettled) return;
      this.#known.set(name, { modified, run: { status: run.status, details: run.details } });
      this.#isDirty = true;
    });
    return runs;
  }

  async #store(): Promise<void> {
    this.#isDirty = false;
    try {
      await writeRunIndex(this.#directory, this.#known);
    } catch {
      // A folder that cannot be written to is listed all the same, only more slowly.
    }
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await this.#files.list(this.#directory)).filter((name) => !name.startsWith('.'));
    } catch {
      // No run was started there yet.
      return [];
    }
  }

  /** NaN, which equals nothing, for a folder that is gone. */
  async #modified(name: string): Promise<number> {
    try {
      return await this.#files.modified(join(this.#directory, name));
    } catch {
      return NaN;
    }
  }
}

async function inParts(names: readonly string[], work: (name: string) => Promise<void>): Promise<void> {
  for (let start = 0; start < names.length; start += AT_ONCE) {
    await Promise.all(names.slice(start, start + AT_ONCE).map(work));
    await othersTurn();
  }
}
