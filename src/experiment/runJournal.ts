import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceName } from '../protocol/events.ts';
import { encodeCheckpoint, type TrainingCheckpoint } from '../training/checkpoint.ts';
import { writeAtomically } from '../writeAtomically.ts';
import { runFiles, type RunFolder } from './runFolder.ts';
import {
  checkpointFiles,
  type FinishedTraining,
  type Progress,
  type StoredProgress,
  type StoredTraining,
} from './storedProgress.ts';

/**
 * Stores what a run that is killed at any moment needs to go on: which trainings are over, and where the one under way
 * stands. It writes the folder `checkpoint/` of the run folder, each file whole or not at all. A resumed run goes through
 * its stages again, and the journal tells which trainings need not be repeated.
 */
export class RunJournal {
  readonly #runFolder: RunFolder;
  readonly #folder: string;
  readonly #start: number;
  #progress: Progress;
  #training: StoredTraining | undefined;

  private constructor(runFolder: RunFolder, { progress, training }: StoredProgress) {
    this.#runFolder = runFolder;
    this.#folder = join(runFolder.path, runFiles.checkpoint);
    this.#progress = progress;
    this.#training = training;
    this.#start = performance.now() - (training ?? progress).seconds * 1000;
  }

  /** Begins the journal of a new run. @param baseDirectory folder that relative paths of the experiment start from */
  static async begin(runFolder: RunFolder, baseDirectory: string): Promise<RunJournal> {
    const progress: Progress = { version: 1, baseDirectory, seconds: 0, metricsBytes: 0, finished: {} };
    const journal = new RunJournal(runFolder, { progress });
    await mkdir(journal.#folder, { recursive: true });
    await journal.#write(progress);
    return journal;
  }

  /** Goes on with the journal of a run that ended early. */
  static resume(runFolder: RunFolder, stored: StoredProgress): RunJournal {
    return new RunJournal(runFolder, stored);
  }

  /** What the run trains on; undefined before that was decided. */
  get device(): DeviceName | undefined {
    return this.#progress.device;
  }

  /** Seconds that the run has taken so far, all its parts together. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  async noteDevice(device: DeviceName): Promise<void> {
    await this.#write({ ...this.#progress, device });
  }

  /** What is known of a training when it is over. After the last of those that are stored, events are new. */
  finished(training: string): FinishedTraining | undefined {
    const finished = this.#progress.finished[training];
    if (finished && this.#progress.last === training && !this.#training) this.#runFolder.endReplay();
    return finished;
  }

  /** Where a training stood when it was stored, if it had begun. From there on events are new. */
  checkpointOf(training: string): TrainingCheckpoint | undefined {
    if (this.#training?.name !== training) return undefined;
    this.#runFolder.endReplay();
    return this.#training.checkpoint;
  }

  /** Stores where the training under way stands. */
  async save(training: string, checkpoint: TrainingCheckpoint): Promise<void> {
    const metricsBytes = await this.#runFolder.flush();
    const notes = { training, seconds: String(this.seconds), metricsBytes: String(metricsBytes) };
    await writeAtomically(join(this.#folder, checkpointFiles.training), encodeCheckpoint(checkpoint, notes));
  }

  /** Notes that a training is over and its network written. */
  async finish(training: string, finished: FinishedTraining): Promise<void> {
    this.#training = undefined;
    await this.#write({
      ...this.#progress,
      seconds: this.seconds,
      metricsBytes: await this.#runFolder.flush(),
      finished: { ...this.#progress.finished, [training]: finished },
      last: training,
    });
    await rm(join(this.#folder, checkpointFiles.training), { force: true });
  }

  /** Removes the journal: the run has finished. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(progress: Progress): Promise<void> {
    this.#progress = progress;
    await writeAtomically(join(this.#folder, checkpointFiles.progress), `${JSON.stringify(progress, null, 2)}\n`);
  }
}
