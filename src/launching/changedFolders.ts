import { dirname, join } from 'node:path';
import { fileAccess, type FileAccess } from './readRun.ts';

/** What changed less long ago than the coarsest clocks of file systems tell apart may change once more unnoticed. */
const SETTLED_MS = 2500;
/** How long a new folder may take until it is known what it holds: what is to run is checked first. */
const BEGINNING_MS = 600_000;
/** Known folders that are looked at in one go; the next time it is the turn of the next ones. */
const IN_ONE_GO = 64;

/**
 * Finds the folders of runs, or of searches, that another window, a terminal or another machine made, changed or removed. Watchers of files do not
 * tell of all of them: they miss what is made at once in a folder that is itself new, and know nothing of a network's disk.
 */
export class ChangedFolders {
  readonly #files: FileAccess;
  readonly #now: () => number;
  /** When the names in a folder had changed last, as it was looked at last. */
  readonly #times = new Map<string, number>();
  /** Of which it is not known yet what they hold. */
  readonly #new = new Set<string>();
  /** What changed before was read after. */
  readonly #since: number;
  #turn = 0;

  /** @param now in milliseconds since 1970 */
  constructor(files: FileAccess = fileAccess, now: () => number = Date.now) {
    this.#files = files;
    this.#now = now;
    this.#since = now() - SETTLED_MS;
  }

  /**
   * @param directories that the folders lie in, of which some may not be there yet
   * @param known folders whose contents are known
   * @returns those to be read again: new ones, those that are gone, and those in which something changed
   */
  async look(directories: readonly string[], known: readonly string[]): Promise<readonly string[]> {
    const changed = new Set<string>();
    const isKnown = new Set(known);
    for (const directory of directories) {
      for (const folder of await this.#comeOrGone(directory, isKnown)) {
        if (isKnown.has(folder)) changed.add(folder);
        else this.#new.add(folder);
      }
    }
    for (const folder of this.#new) {
      const modified = await this.#modified(folder);
      const isWaitedFor = modified !== undefined && this.#now() - modified < BEGINNING_MS;
      // One that has just come is read in any case.
      if (isKnown.has(folder) || !isWaitedFor) this.#new.delete(folder);
      if (isKnown.has(folder) || modified === undefined) continue;
      this.#times.set(folder, modified);
      changed.add(folder);
    }
    for (const folder of this.#nextOf(known)) {
      const [before, modified] = [this.#times.get(folder), await this.#modified(folder)];
      if (modified === before) continue;
      if (modified !== undefined) this.#times.set(folder, modified);
      if (before !== undefined || (modified !== undefined && modified >= this.#since)) changed.add(folder);
    }
    return [...changed];
  }

  /** Folders that came into a directory or went, where that is another one than it was. */
  async #comeOrGone(directory: string, known: ReadonlySet<string>): Promise<readonly string[]> {
    const modified = await this.#modified(directory);
    const isSettled = modified === undefined || this.#now() - modified > SETTLED_MS;
    if (isSettled && modified === this.#times.get(directory)) return [];
    if (modified === undefined) this.#times.delete(directory);
    else this.#times.set(directory, modified);
    const names = modified === undefined ? [] : await this.#files.list(directory).catch(() => []);
    // What is written for a moment, and indexes, begin with a dot.
    const there = new Set(names.filter((name) => !name.startsWith('.')).map((name) => join(directory, name)));
    const gone = [...known].filter((folder) => dirname(folder) === directory && !there.has(folder));
    return [...gone, ...[...there].filter((folder) => !known.has(folder))];
  }

  #nextOf(known: readonly string[]): readonly string[] {
    if (this.#turn >= known.length) this.#turn = 0;
    const part = known.slice(this.#turn, this.#turn + IN_ONE_GO);
    this.#turn += IN_ONE_GO;
    return part;
  }

  async #modified(path: string): Promise<number | undefined> {
    try {
      return await this.#files.modified(path);
    } catch {
      return undefined; // It is not there.
    }
  }
}
