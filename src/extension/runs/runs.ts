import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DistilleryError, type Problem } from '../../errors.ts';
import { newRunId } from '../../experiment/runId.ts';
import { controlEndpoint } from '../../protocol/endpoint.ts';
import type { RunStatus } from '../../protocol/events.ts';
import type { TrainerOutcome } from '../../protocol/trainer.ts';
import { launchTrainer, type LaunchedTrainer } from './launchTrainer.ts';
import { endsWithin, killProcessTree, terminate } from './processes.ts';
import { readLogTail, readRuns, readRunStatus, removeUnlessBegun, runsDirectory, type StoredRun } from './readRuns.ts';
import { TrainerConnection } from './trainerConnection.ts';

/** How long a person waits for a cancelled run before its process is killed. */
const STOP_MS = 5000;
/** How long a process may take to end after it told how its run ended. */
const END_MS = 5000;
/** How often a run that is to go on is looked at until it does. */
const RESUME_MS = 100;
/** How often running runs are looked at for a process that died without a word. */
const WATCH_MS = 2000;

export interface RunsOptions {
  /** Path of the bundled program that trains. */
  readonly trainerProgram: string;
  /** The list or the state of a run changed. */
  readonly onChange: () => void;
  /** A run that was running ended. */
  readonly onEnd: (run: StoredRun) => void;
  /** A run never began; its folder is gone. */
  readonly onRefused: (folder: string, problems: readonly Problem[]) => void;
  /** Something failed that nobody waits for. */
  readonly onError: (error: unknown) => void;
}

export interface NewRun {
  /** Parsed experiment with a name. */
  readonly experiment: unknown;
  readonly name: string;
  readonly baseDirectory: string;
  readonly workspaceFolder: string;
}

/** The runs of the open folders: lists, starts, stops and removes them, and stands by those that are running. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #runs = new Map<string, StoredRun>();
  readonly #connections = new Map<string, LaunchedTrainer>();
  /** Folders of runs that go on as far as is known. */
  readonly #running = new Set<string>();
  readonly #stopping = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #workspaceFolders: readonly string[] = [];
  #isDisposed = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#watchRunning().catch(options.onError);
    }, WATCH_MS);
  }

  /** Newest first. */
  get all(): readonly StoredRun[] {
    return [...this.#runs.values()].sort((a, b) => Date.parse(b.status.startedAt) - Date.parse(a.status.startedAt));
  }

  get(folder: string): StoredRun | undefined {
    return this.#runs.get(folder);
  }

  isStopping(folder: string): boolean {
    return this.#stopping.has(folder);
  }

  /** Reads every run folder of the workspace folders, and connects to what is running. */
  async refresh(workspaceFolders: readonly string[] = this.#workspaceFolders): Promise<void> {
    this.#workspaceFolders = workspaceFolders;
    const found = (await Promise.all(workspaceFolders.map(readRuns))).flat();
    const folders = new Set(found.map((run) => run.folder));
    for (const folder of [...this.#runs.keys()].filter((known) => !folders.has(known))) this.#runs.delete(folder);
    for (const { folder, status } of found) await this.#note(folder, status);
    this.#options.onChange();
  }

  /** Reads one run folder again. */
  async refreshRun(folder: string): Promise<void> {
    await this.#note(folder, await readRunStatus(folder));
    this.#options.onChange();
  }

  /**
   * Starts a run in a process of its own and returns its folder.
   * @throws DistilleryError when the process does not start
   */
  async start({ experiment, name, baseDirectory, workspaceFolder }: NewRun): Promise<string> {
    const folder = this.#newFolder(workspaceFolder, name);
    const request = { kind: 'run', experiment, baseDirectory, folder } as const;
    const trainer = await launchTrainer(this.#options.trainerProgram, request);
    this.#standBy(folder, trainer).catch(this.#options.onError);
    return folder;
  }

  /**
   * Goes on with a run that was stopped or interrupted, in a process of its own. Returns when the process is at it.
   * @throws DistilleryError when the process does not start, or when the run cannot go on
   */
  async resume(folder: string): Promise<void> {
    // A process that was killed while nobody stood by left its socket behind.
    if (process.platform !== 'win32') await rm(controlEndpoint(folder), { force: true });
    const trainer = await launchTrainer(this.#options.trainerProgram, { kind: 'resume', folder });
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

  /** Asks a run to stop with the best student so far, and kills its process when it does not. */
  async stop(folder: string): Promise<void> {
    const connected = this.#connections.get(folder);
    const processId = connected?.processId ?? this.#runs.get(folder)?.status.processId;
    if (processId === undefined) return;
    this.#stopping.add(folder);
    this.#options.onChange();
    if (connected) connected.connection.send({ kind: 'cancel' });
    else terminate(processId);
    if (!(await endsWithin(processId, STOP_MS))) {
      killProcessTree(processId);
      await endsWithin(processId, STOP_MS);
    }
    this.#stopping.delete(folder);
    await this.refreshRun(folder);
  }

  /** Stops a run if need be and deletes its folder. */
  async remove(folder: string): Promise<void> {
    if (this.#runs.get(folder)?.status.state === 'running') await this.stop(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    this.#runs.delete(folder);
    this.#options.onChange();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
    for (const { connection } of this.#connections.values()) connection.dispose();
    this.#connections.clear();
  }

  /** Takes in what a run folder says, connects to a run that goes on, and notices the end of one that did. */
  async #note(folder: string, status: RunStatus | undefined): Promise<void> {
    if (!status) {
      this.#runs.delete(folder);
      return;
    }
    const run = { folder, status };
    this.#runs.set(folder, run);
    if (status.state === 'running') {
      this.#running.add(folder);
      await this.#connect(run);
      // One that is to go on is connected before it says that it runs.
    } else if (!this.#connections.has(folder) && this.#running.delete(folder)) {
      this.#options.onEnd(run);
    }
  }

  async #connect({ folder, status: { processId } }: StoredRun): Promise<void> {
    if (this.#connections.has(folder) || processId === undefined) return;
    const connection = await TrainerConnection.open(controlEndpoint(folder));
    if (!connection) return;
    if (this.#isDisposed || this.#connections.has(folder)) connection.dispose();
    else this.#standBy(folder, { connection, processId }).catch(this.#options.onError);
  }

  /** Keeps the connection to a run until it ends. */
  async #standBy(folder: string, trainer: LaunchedTrainer): Promise<void> {
    this.#connections.set(folder, trainer);
    this.#running.add(folder);
    const outcome = await trainer.connection.ended;
    if (!this.#connections.delete(folder)) return;
    trainer.connection.dispose();
    await endsWithin(trainer.processId, END_MS);
    // A process that was killed leaves its socket behind.
    if (!outcome && process.platform !== 'win32') await rm(controlEndpoint(folder), { force: true });
    if (this.#isDisposed) return;
    await this.refreshRun(folder);
    if (!this.#runs.has(folder)) await this.#clearRefused(folder, outcome);
  }

  async #clearRefused(folder: string, outcome: TrainerOutcome | undefined): Promise<void> {
    this.#running.delete(folder);
    const problems = outcome?.state === 'failed' ? outcome.problems : [];
    if (outcome) {
      this.#options.onRefused(folder, problems);
    } else {
      const log = await readLogTail(folder);
      const message = 'The process that trains ended unexpectedly.';
      this.#options.onRefused(folder, [{ where: 'training', message, ...(log === undefined ? {} : { hint: log }) }]);
    }
    await removeUnlessBegun(folder);
  }

  /** A process that died cannot say so, and file watchers miss folders that are new: runs are looked at again and again. */
  async #watchRunning(): Promise<void> {
    for (const folder of this.#running) await this.refreshRun(folder);
  }

  /** A folder for a new run. Its id has the time to the second; runs within one second are numbered. */
  #newFolder(workspaceFolder: string, name: string): string {
    const id = newRunId(name, new Date());
    const directory = runsDirectory(workspaceFolder);
    for (let number = 1; ; number++) {
      const folder = join(directory, number === 1 ? id : `${id}-${number}`);
      if (!this.#running.has(folder) && !this.#runs.has(folder)) return folder;
    }
  }
}
