import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hashFile } from '../platform/hashFile.ts';
import type { DeviceName } from '../protocol/events.ts';
import { encodeCheckpoint, type TrainingCheckpoint } from '../training/checkpoints/checkpoint.ts';
import type { ImageLayout } from '../training/engines/session.ts';
import { flushFolder } from '../platform/writeAtomically.ts';
import type { ObjectiveChoice } from '../report/choice.ts';
import type { Enlargement } from '../report/enlargement.ts';
import type { RateChoice } from '../report/rateChoice.ts';
import { runFiles, type RunFolder } from './runFolder.ts';
import type { RunInputs } from './inputHashes.ts';
import { OPEN_SEAL, seal, SEAL, writeSealed } from './sealedFile.ts';
import {
  checkpointFiles,
  encodeProgress,
  firstProgress,
  type FinishedTraining,
  type Progress,
  type StoredProgress,
  type StoredTraining,
} from './checkpointFolder.ts';

/**
 * Stores what a run that is killed at any moment needs to go on: which trainings are over, and where the one under way
 * stands. It writes the folder `checkpoint/` of the run folder, each file whole or not at all. A resumed run goes through
 * its stages again, and the journal tells which trainings need not be repeated.
 */
export class RunJournal {
  readonly #runFolder: RunFolder;
  readonly #folder: string;
  #start: number;
  #progress: Progress;
  #training: StoredTraining | undefined;

  private constructor(runFolder: RunFolder, { progress, training }: StoredProgress) {
    this.#runFolder = runFolder;
    this.#folder = join(runFolder.path, runFiles.checkpoint);
    this.#progress = progress;
    this.#training = training;
    this.#start = performance.now() - (training ?? progress).seconds * 1000;
  }

  /** What a run needs to go on that has done nothing yet, by path in its folder; `RunFolder.create` writes it. */
  static firstFiles(baseDirectory: string): ReadonlyMap<string, Uint8Array> {
    const bytes = seal(encodeProgress(firstProgress(baseDirectory)));
    return new Map([[join(runFiles.checkpoint, checkpointFiles.progress), bytes]]);
  }

  /** Begins the journal of a new run. @param baseDirectory folder that relative paths of the experiment start from */
  static begin(runFolder: RunFolder, baseDirectory: string): RunJournal {
    return new RunJournal(runFolder, { progress: firstProgress(baseDirectory), warnings: [] });
  }

  /** Goes on with the journal of a run that ended early. */
  static resume(runFolder: RunFolder, stored: StoredProgress): RunJournal {
    return new RunJournal(runFolder, stored);
  }

  /** What the run trains on; undefined before that was decided. */
  get device(): DeviceName | undefined {
    return this.#progress.device;
  }

  /** Whether it multiplies in bfloat16; undefined before that was decided. */
  get roundsProducts(): boolean | undefined {
    return this.#progress.roundsProducts;
  }

  /** How images are laid out there; undefined before that was decided, and where there is no choice. */
  get layout(): ImageLayout | undefined {
    return this.#progress.layout;
  }

  /** Seconds that the run has taken so far, all its parts together. */
  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Leaves a pause out of the time that the run takes. */
  rest(milliseconds: number): void {
    this.#start += milliseconds;
  }

  /** What the run is made from; undefined before that was noted. */
  get inputs(): RunInputs | undefined {
    return this.#progress.inputs;
  }

  /** Names of what was another when the run went on; see `runInputs`. */
  get changedInputs(): readonly string[] {
    return this.#progress.changedInputs;
  }

  /** Notes what the run is made from. @param changed names of what is another than it was */
  async noteInputs(inputs: RunInputs, changed: readonly string[] = []): Promise<void> {
    const changedInputs = [...new Set([...this.#progress.changedInputs, ...changed])];
    await this.#write({ ...this.#progress, inputs: { ...inputs }, changedInputs });
  }

  /** How the objective was chosen; undefined before it was. */
  get choice(): ObjectiveChoice | undefined {
    return this.#progress.choice;
  }

  async noteChoice(choice: ObjectiveChoice): Promise<void> {
    await this.#write({ ...this.#progress, choice });
  }

  /** Whether the transfer set was enlarged; undefined before that was decided, and where it is not left open. */
  get enlargement(): Enlargement | undefined {
    return this.#progress.enlargement;
  }

  async noteEnlargement(enlargement: Enlargement): Promise<void> {
    await this.#write({ ...this.#progress, enlargement });
  }

  /** How the learning rate was chosen; undefined before it was, and where it is not left open. */
  get rate(): RateChoice | undefined {
    return this.#progress.rate;
  }

  async noteRate(rate: RateChoice): Promise<void> {
    await this.#write({ ...this.#progress, rate });
  }

  /** Notes what the run trains on, and how it computes there. */
  async noteDevice(device: DeviceName, how: Pick<Progress, 'roundsProducts' | 'layout'>): Promise<void> {
    await this.#write({ ...this.#progress, device, ...how });
  }

  /** What is known of a training when it is over. After the last of those that are stored, events are new. */
  finished(training: string): FinishedTraining | undefined {
    const finished = this.#progress.finished[training];
    if (finished && this.#progress.last === training && !this.#training) this.#runFolder.endReplay();
    return finished;
  }

  /** Whether two trainings are over that left the very same network. */
  areSame(one: string, other: string): boolean {
    const { written } = this.#progress;
    return written[one] !== undefined && written[one].sha256 === written[other]?.sha256;
  }

  /** Takes back that a training is over: what it began with is another now. */
  async forget(training: string): Promise<void> {
    const without = <Value>(all: Readonly<Record<string, Value>>): Record<string, Value> =>
      Object.fromEntries(Object.entries(all).filter(([name]) => name !== training));
    const { finished, written } = this.#progress;
    if (!Object.hasOwn(finished, training)) return;
    await this.#write({ ...this.#progress, finished: without(finished), written: without(written) });
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
    const notes = { [SEAL]: OPEN_SEAL, training, seconds: String(this.seconds), metricsBytes: String(metricsBytes) };
    await writeSealed(this.#file('training'), this.#file('previousTraining'), encodeCheckpoint(checkpoint, notes));
  }

  /** @throws DistilleryError when the run folder is this process's no more */
  assertHeld(): void {
    this.#runFolder.assertHeld();
  }

  /** Notes that a training is over and its network written. @param file of the network */
  async finish(training: string, finished: FinishedTraining, file: string): Promise<void> {
    this.#training = undefined;
    const { seconds } = this;
    const metricsBytes = await this.#runFolder.flush();
    const sha256 = (await hashFile(file)) ?? '';
    const written = Object.fromEntries(Object.entries(this.#progress.written).filter(([name]) => name !== training));
    await this.#write({
      ...this.#progress,
      seconds,
      metricsBytes,
      finished: { ...this.#progress.finished, [training]: finished },
      last: training,
      written: {
        ...written,
        [training]: { file: relative(this.#runFolder.path, file), sha256, seconds, metricsBytes },
      },
    });
    await Promise.all((['training', 'previousTraining'] as const).map((name) => rm(this.#file(name), { force: true })));
  }

  /**
   * Removes the journal: the run has finished, and what it ended with is on the disk. Interrupted, it leaves either a run
   * that can go on or one that has finished.
   */
  async remove(): Promise<void> {
    for (const name of ['previousProgress', 'progress'] as const) {
      await rm(this.#file(name), { force: true });
      await flushFolder(this.#folder);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #file(name: keyof typeof checkpointFiles): string {
    return join(this.#folder, checkpointFiles[name]);
  }

  async #write(progress: Progress): Promise<void> {
    this.#runFolder.assertHeld();
    this.#progress = progress;
    await writeSealed(this.#file('progress'), this.#file('previousProgress'), encodeProgress(progress));
  }
}
