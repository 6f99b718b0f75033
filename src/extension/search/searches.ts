import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DistilleryError } from '../../errors.ts';
import { ChangedFolders } from '../../launching/changedFolders.ts';
import { endWriter } from '../../launching/endWriter.ts';
import { launchSearch, searchLog } from '../../launching/launchSearch.ts';
import { readKeptSearch, readSearches, readSearchFolder, type StoredSearch } from '../../launching/readSearches.ts';
import { refuseTaken } from '../../runFolder/runLease.ts';
import { newRunFolder } from '../../runFolder/runId.ts';
import { searchesDirectory } from '../../runFolder/searchFolder.ts';

/** How often searches that go on are looked at for a process that died without a word. */
const WATCH_MS = 2000;
/** Changes that come in one go are read once. */
const REREAD_MS = 300;
/** How long one whose process has started may be checked before it begins. */
const CHECKED_MS = 600_000;

export interface SearchesOptions {
  /** Path of the bundled program that trains and searches, or what Node.js is given to run it from its sources. */
  readonly trainerProgram: string | readonly string[];
  /** Language of the search's page and of the trials' reports. */
  readonly language?: () => string;
  /** What trials are trained on where the experiment does not say; undefined for what is found. */
  readonly device?: () => string | undefined;
  /** The list or the state of a search changed. */
  readonly onChange: () => void;
  /** A search that went on in this window's time is over, or its process is gone. */
  readonly onEnd: (search: StoredSearch) => void;
  readonly onError: (error: unknown) => void;
}

export interface NewSearch {
  /** Parsed experiment with a section `search`. */
  readonly experiment: Readonly<Record<string, unknown>>;
  readonly name: string;
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  readonly workspaceFolder: string;
  /** Trials at once. */
  readonly atOnce: number;
  /** Where it is to be written, where that is not left to be chosen. */
  readonly folder?: string;
}

/** The searches of the open folders: lists, starts, stops, resumes and removes them. */
export class Searches {
  readonly #options: SearchesOptions;
  readonly #stopping = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  readonly #changed = new ChangedFolders();
  #workspaceFolders: readonly string[] = [];
  #all: readonly StoredSearch[] = [];
  #reading: Promise<void> = Promise.resolve();
  #reread: NodeJS.Timeout | undefined;

  constructor(options: SearchesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#look().catch(options.onError);
    }, WATCH_MS);
  }

  /** A process that died cannot say so, and watchers of files do not tell of everything that others do. */
  async #look(): Promise<void> {
    const directories = this.#workspaceFolders.map(searchesDirectory);
    const known = this.#all.map(({ folder }) => folder);
    const changed = await this.#changed.look(directories, known);
    if (changed.length > 0 || this.#all.some(({ state }) => state === 'running')) await this.refresh();
  }

  /** The newest first. */
  get all(): readonly StoredSearch[] {
    return this.#all;
  }

  isStopping(folder: string): boolean {
    return this.#stopping.has(folder);
  }

  /** Lists the searches of the workspace folders. */
  refresh(workspaceFolders: readonly string[] = this.#workspaceFolders): Promise<void> {
    this.#workspaceFolders = workspaceFolders;
    // One after the other: each of two at once would notice the same end.
    const read = this.#reading.then(() => this.#read(workspaceFolders));
    this.#reading = read.catch(() => undefined);
    return read;
  }

  async #read(workspaceFolders: readonly string[]): Promise<void> {
    const before = this.#all;
    this.#all = (await Promise.all(workspaceFolders.map(readSearches))).flat();
    if (isDeepStrictEqual(before, this.#all)) return;
    this.#options.onChange();
    const wereRunning = new Set(before.filter(({ state }) => state === 'running').map(({ folder }) => folder));
    for (const search of this.#all) {
      if (search.state !== 'running' && wereRunning.has(search.folder)) this.#options.onEnd(search);
    }
  }

  /** Lists them again, soon. */
  refreshSoon(): void {
    this.#reread ??= setTimeout(() => {
      this.#reread = undefined;
      this.refresh().catch(this.#options.onError);
    }, REREAD_MS);
  }

  /** The newest search of the same experiment with the same paths. */
  async findSame({ experiment, baseDirectory }: NewSearch): Promise<StoredSearch | undefined> {
    const wanted: unknown = JSON.parse(JSON.stringify(this.#withDevice(experiment)));
    for (const search of this.#all) {
      const kept = await readKeptSearch(search.folder);
      if (kept?.baseDirectory === baseDirectory && isDeepStrictEqual(kept.experiment, wanted)) return search;
    }
    return undefined;
  }

  /**
   * Starts a search in a process of its own, which goes on when the window is closed.
   * @returns its folder, and whether it is under way; if not, it is still being checked
   * @throws DistilleryError with what is wrong, when it does not begin
   */
  async start(asked: NewSearch): Promise<{ readonly folder: string; readonly isUnderWay: boolean }> {
    const { name, baseDirectory, workspaceFolder, atOnce } = asked;
    const folder = asked.folder ?? this.newFolder(workspaceFolder, name);
    const experiment = this.#withDevice(asked.experiment);
    return { folder, isUnderWay: await this.#launch(folder, { experiment, baseDirectory, atOnce }, workspaceFolder) };
  }

  /**
   * Goes on with a search that was stopped or interrupted.
   * @returns whether it is under way; if not, it is still being checked
   * @throws DistilleryError when another process is at it, or when it cannot go on
   */
  async resume(folder: string): Promise<boolean> {
    refuseTaken(folder);
    const kept = await readKeptSearch(folder);
    if (!kept) {
      throw new DistilleryError('BAD_FILE', `'${folder}' does not hold what a search goes on with.`, {
        hint: 'Start the search anew from its experiment file.',
      });
    }
    const workspaceFolder = this.#workspaceFolders.find((open) => folder.startsWith(searchesDirectory(open)));
    const home = workspaceFolder ?? join(folder, '..', '..', '..');
    return this.#launch(folder, { ...kept, baseDirectory: kept.baseDirectory ?? home }, home);
  }

  /**
   * Stops a search; it can go on later.
   * @throws DistilleryError when its process is on another machine
   */
  async stop(folder: string): Promise<void> {
    this.#stopping.add(folder);
    this.#options.onChange();
    try {
      await endWriter(folder);
    } finally {
      this.#stopping.delete(folder);
      await this.refresh();
      this.#options.onChange();
    }
  }

  /**
   * Stops a search if need be and deletes its folder, all trials included.
   * @param discard what deletes it, such as by moving it to the trash
   * @throws DistilleryError when a process is at it that cannot be stopped from here; nothing is deleted then
   */
  async remove(folder: string, discard: (folder: string) => PromiseLike<void>): Promise<void> {
    if ((await readSearchFolder(folder))?.state === 'running') await this.stop(folder);
    refuseTaken(folder);
    await discard(folder);
    await rm(searchLog(folder), { force: true });
    await this.refresh();
  }

  /**
   * Waits until a search is over: until no process is at it any more.
   * @returns undefined where it never began
   */
  async whenOver(folder: string): Promise<StoredSearch | undefined> {
    const latest = Date.now() + CHECKED_MS;
    for (;;) {
      await this.refresh();
      const search = this.#all.find((known) => known.folder === folder);
      if (search ? search.state !== 'running' && search.state !== 'elsewhere' : Date.now() > latest) return search;
      await wait(WATCH_MS);
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#reread);
  }

  async #launch(
    folder: string,
    given: { readonly experiment: unknown; readonly baseDirectory: string; readonly atOnce: number },
    workspaceFolder: string,
  ): Promise<boolean> {
    const cacheFolder = join(workspaceFolder, '.distillery', 'cache');
    const language = this.#options.language?.();
    const isUnderWay = await launchSearch([this.#options.trainerProgram].flat(), {
      ...given,
      folder,
      cacheFolder,
      ...(language !== undefined && { language }),
    });
    await this.refresh();
    return isUnderWay;
  }

  #withDevice(experiment: NewSearch['experiment']): NewSearch['experiment'] {
    const device = this.#options.device?.();
    return device === undefined ? experiment : { device, ...experiment };
  }

  /** A folder for a new search. */
  newFolder(workspaceFolder: string, name: string): string {
    const taken = new Set(this.#all.map(({ folder }) => folder));
    return newRunFolder(searchesDirectory(workspaceFolder), name, (folder) => taken.has(folder));
  }
}
