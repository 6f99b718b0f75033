import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DistilleryError } from '../../errors.ts';
import { newRunFolder } from '../../runFolder/runId.ts';
import { controlEndpoint } from '../../protocol/endpoint.ts';
import type { RunRequest, TrainerOutcome } from '../../protocol/trainer.ts';
import { leaseStateOf, refuseTaken, writerOf } from '../../runFolder/runLease.ts';
import { changeMarks } from '../../runFolder/runMarks.ts';
import { removeSocket } from '../../launching/removeSocket.ts';
import { launchTrainer, type LaunchedTrainer } from '../../launching/launchTrainer.ts';
import { endProcess } from '../../launching/endWriter.ts';
import { endsWithin } from '../../launching/processes.ts';
import { ChangedFolders } from '../../launching/changedFolders.ts';
import { readRun, type StoredRun } from '../../launching/readRun.ts';
import { removeUnlessBegun, runsDirectory } from '../../launching/readRuns.ts';
import { RunListing } from '../../launching/runListing.ts';
import { requestToResume, requestToRun } from './runRequests.ts';
import { SilenceWatch } from './silenceWatch.ts';
import { TrainerConnection } from '../../launching/trainerConnection.ts';
import { ListedRuns } from './listedRuns.ts';
import { markUntoldEnd, problemsOfUntoldEnd } from './untoldEnd.ts';
import type { NewRun, RunsOptions } from './runsOptions.ts';

/** How long a person waits for a cancelled run before its process is killed. */
const STOP_MS = 5000;
/** How long a process may take to end after it told how its run ended. */
const END_MS = 5000;
/** How often a run that is to go on is looked at until it does. */
const RESUME_MS = 100;
/** How often running runs are looked at for a process that died without a word. */
const WATCH_MS = 2000;

/** The runs of the open folders: lists, starts, stops and removes them, and stands by those that are running. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #runs = new ListedRuns();
  readonly #connections = new Map<string, LaunchedTrainer>();
  /** Folders of runs that go on as far as is known. */
  readonly #running = new Set<string>();
  readonly #stopping = new Set<string>();
  readonly #silence = new SilenceWatch();
  readonly #changed = new ChangedFolders();
  #isLooking = false;
  readonly #timer: NodeJS.Timeout;
  #workspaceFolders: readonly string[] = [];
  #isDisposed = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#watchRunning().catch(options.onError);
      this.#lookForOthers().catch(options.onError);
    }, WATCH_MS);
  }

  /** Newest first. */
  get all(): readonly StoredRun[] {
    return this.#runs.newestFirst;
  }

  get(folder: string): StoredRun | undefined {
    return this.#runs.get(folder);
  }

  /** Whether a run that goes on has given no sign of life for a minute. */
  isSilent(folder: string): boolean {
    return this.#silence.isSilent(folder);
  }

  /** Where the runs of a workspace folder are. */
  directoryOf(workspaceFolder: string): string {
    const folder = this.#options.runFolder?.();
    return folder === undefined ? runsDirectory(workspaceFolder) : resolve(workspaceFolder, folder);
  }

  /** Of the workspace folders, of which two may have one. */
  #directories(): readonly string[] {
    return [...new Set(this.#workspaceFolders.map((folder) => this.directoryOf(folder)))];
  }

  isStopping(folder: string): boolean {
    return this.#stopping.has(folder);
  }

  /**
   * Lists the runs of the workspace folders and connects to what is running. What was known of them when they were listed last is told
   * at once; what has changed since follows before this returns.
   * @param onListed called when they are listed as they were known
   */
  async refresh(
    workspaceFolders: readonly string[] = this.#workspaceFolders,
    onListed: () => void = () => undefined,
  ): Promise<void> {
    this.#workspaceFolders = workspaceFolders;
    const listings = this.#directories().map((directory) => new RunListing(directory));
    const found = (await Promise.all(listings.map((listing) => listing.list()))).flat();
    const folders = new Set(found.map((run) => run.folder));
    for (const folder of this.#runs.folders.filter((known) => !folders.has(known))) await this.#note(folder, undefined);
    for (const run of found) await this.#note(run.folder, run);
    onListed();
    this.#options.onChange();
    const changes = await Promise.all(listings.map((listing) => listing.check()));
    for (const [folder, run] of changes.flatMap((changed) => [...changed])) await this.#note(folder, run);
    if (changes.some((changed) => changed.size > 0)) this.#options.onChange();
  }

  /** Reads one run folder again. */
  async refreshRun(folder: string): Promise<void> {
    await this.#note(folder, await readRun(folder));
    this.#options.onChange();
  }

  /**
   * Starts a run in a process of its own and returns its folder.
   * @throws DistilleryError when the process does not start
   */
  async start({
    experiment,
    name,
    baseDirectory,
    workspaceFolder,
    folder = this.newFolder(workspaceFolder, name),
  }: NewRun): Promise<string> {
    const trainer = await this.#launch(requestToRun({ experiment, baseDirectory, folder }, this.#options));
    this.#standBy(folder, trainer).catch(this.#options.onError);
    return folder;
  }

  /**
   * Goes on with a run that was stopped or interrupted, in a process of its own. Returns when the process is at it.
   * @throws DistilleryError when the process does not start, or when the run cannot go on
   */
  async resume(folder: string): Promise<void> {
    refuseTaken(folder);
    // Its process may have been killed while nobody stood by.
    await removeSocket(folder);
    const trainer = await this.#launch(requestToResume(folder, this.#options));
    let outcome: TrainerOutcome | 'died' | undefined;
    void trainer.connection.ended.then((ended) => {
      outcome = ended ?? 'died';
    });
    this.#standBy(folder, trainer).catch(this.#options.onError);
    while (outcome === undefined && this.#runs.get(folder)?.status.state !== 'running') {
      await wait(RESUME_MS);
      await this.refreshRun(folder);
    }
    if (outcome === 'died') throw new DistilleryError('TRAINING', 'The process that trains ended unexpectedly.');
    if (outcome?.state === 'failed') {
      throw new DistilleryError('BAD_INPUT', outcome.problems.map(({ message }) => message).join(' '));
    }
  }

  /**
   * Asks a run to stop with the best student so far, and kills its process when it does not.
   * @throws DistilleryError when its process is on another machine
   */
  async stop(folder: string): Promise<void> {
    const connected = this.#connections.get(folder);
    if (!connected && leaseStateOf(folder).kind === 'elsewhere') refuseTaken(folder);
    const identity = connected?.process ?? writerOf(folder);
    if (!identity) {
      // Nobody is at it, whatever its status says.
      await this.refreshRun(folder);
      return;
    }
    this.#stopping.add(folder);
    this.#options.onChange();
    await endProcess(identity, connected?.connection, STOP_MS);
    this.#stopping.delete(folder);
    await this.refreshRun(folder);
  }

  /**
   * Has a run wait at its next step, or go on from there.
   * @throws DistilleryError when no process that trains can be told
   */
  setPaused(folder: string, isPaused: boolean): void {
    const trainer = this.#connections.get(folder);
    if (!trainer) throw new DistilleryError('BAD_INPUT', 'The process that trains cannot be reached from this window.');
    trainer.connection.send({ kind: isPaused ? 'pause' : 'continue' });
  }

  /**
   * Stops a run if need be and deletes its folder.
   * @param discard what deletes it, such as by moving it to the trash
   * @throws DistilleryError when a process is at it that cannot be stopped from here; nothing is deleted then
   */
  async remove(
    folder: string,
    discard: (folder: string) => PromiseLike<void> = (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 3 }),
  ): Promise<void> {
    if (this.#runs.get(folder)?.status.state === 'running') await this.stop(folder);
    // Why its process ended is written down first, which nobody may do beside.
    if (this.#connections.has(folder)) await this.whenOver(folder);
    refuseTaken(folder);
    await discard(folder);
    this.#runs.delete(folder);
    this.#options.onChange();
  }

  /** Changes what a person wrote on a run. */
  async mark(folder: string, change: Parameters<typeof changeMarks>[1]): Promise<void> {
    await changeMarks(folder, change);
    await this.refreshRun(folder);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
    for (const { connection } of this.#connections.values()) connection.dispose();
    this.#connections.clear();
  }

  /** Takes in what a run folder says, connects to a run that goes on, and notices the end of one that did. */
  async #note(folder: string, run: StoredRun | undefined): Promise<void> {
    if (!run) {
      this.#runs.delete(folder);
      return;
    }
    this.#runs.set(folder, run);
    if (run.status.state === 'running') {
      this.#running.add(folder);
      await this.#connect(run);
      // One that is to go on is connected before it says that it runs.
    } else if (!this.#connections.has(folder) && this.#running.delete(folder)) {
      this.#options.onEnd(run);
    }
  }

  #launch(request: RunRequest): Promise<LaunchedTrainer> {
    return launchTrainer(this.#options.trainerProgram, request, this.#options.orphanMinutes());
  }

  async #connect({ folder }: StoredRun): Promise<void> {
    const writer = writerOf(folder);
    if (this.#connections.has(folder) || !writer) return;
    const connection = await TrainerConnection.open(controlEndpoint(folder));
    if (!connection) return;
    if (this.#isDisposed || this.#connections.has(folder)) connection.dispose();
    else this.#standBy(folder, { connection, process: writer }).catch(this.#options.onError);
  }

  /** Keeps the connection to a run until it ends. */
  async #standBy(folder: string, trainer: LaunchedTrainer): Promise<void> {
    this.#connections.set(folder, trainer);
    this.#running.add(folder);
    const outcome = await trainer.connection.ended;
    if (!this.#connections.has(folder)) return;
    // One that a person deletes meanwhile was not refused.
    const hadBegun = this.#runs.has(folder);
    if (outcome) this.#connections.delete(folder);
    trainer.connection.dispose();
    await endsWithin(trainer.process, END_MS);
    if (!outcome) await removeSocket(folder);
    if (this.#isDisposed) return;
    if (!outcome && this.#runs.get(folder)) {
      await markUntoldEnd(folder, trainer).catch(this.#options.onError);
    }
    this.#connections.delete(folder);
    await this.refreshRun(folder);
    if (this.#runs.has(folder)) return;
    if (hadBegun) this.#running.delete(folder);
    else await this.#clearRefused(folder, outcome);
  }

  async #clearRefused(folder: string, outcome: TrainerOutcome | undefined): Promise<void> {
    const told = outcome?.state === 'failed' ? outcome.problems : [];
    this.#options.onRefused(folder, outcome ? told : await problemsOfUntoldEnd(folder));
    this.#running.delete(folder);
    await removeUnlessBegun(folder);
  }

  /** Lists what other windows, terminals and machines did of which no watcher of files told. */
  async #lookForOthers(): Promise<void> {
    // On a slow disk one look may take longer than it is until the next.
    if (this.#isLooking || this.#isDisposed) return;
    this.#isLooking = true;
    try {
      const known = new Set([...this.#runs.folders, ...this.#running]);
      const folders = await this.#changed.look(this.#directories(), [...known]);
      let hasChanged = false;
      for (const folder of folders.filter((one) => !this.#connections.has(one))) {
        const run = await readRun(folder);
        hasChanged ||= run !== undefined || this.#runs.has(folder);
        await this.#note(folder, run);
      }
      if (hasChanged) this.#options.onChange();
    } finally {
      this.#isLooking = false;
    }
  }

  /** A process that died cannot say so, and file watchers miss folders that are new: runs are looked at again and again. */
  async #watchRunning(): Promise<void> {
    for (const folder of this.#running) {
      await this.refreshRun(folder);
      const run = this.#runs.get(folder);
      if (run?.status.state === 'running' && this.#silence.look(folder)) this.#options.onSilent?.(run);
    }
  }

  /**
   * Waits until a run is over: until no process is at it any more.
   * @returns undefined where it never began
   */
  async whenOver(folder: string): Promise<StoredRun | undefined> {
    for (;;) {
      await this.refreshRun(folder);
      const run = this.#runs.get(folder);
      // One that was refused is among those that go on until that was told.
      const isAtIt = this.#connections.has(folder) || (this.#running.has(folder) && !this.#isDisposed);
      if (!isAtIt && run?.status.state !== 'running') return run;
      await wait(WATCH_MS);
    }
  }

  /** A folder for a new run. */
  newFolder(workspaceFolder: string, name: string): string {
    const isTaken = (folder: string): boolean => this.#running.has(folder) || this.#runs.has(folder);
    return newRunFolder(this.directoryOf(workspaceFolder), name, isTaken);
  }
}
