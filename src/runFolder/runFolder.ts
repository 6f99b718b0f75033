import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../platform/makeFolder.ts';
import { DistilleryError } from '../errors.ts';
import { readIfThere } from '../platform/readIfThere.ts';
import type { RunEvent, RunStatus } from '../protocol/events.ts';
import { RunLease } from './runLease.ts';
import { overwrite } from '../platform/overwrite.ts';
import { removeUnfinished, writeAtomically } from '../platform/writeAtomically.ts';
import { isOutOfRoom, writingError } from '../platform/writingError.ts';

/** Files of a run folder. */
export const runFiles = {
  experiment: 'experiment.json',
  status: 'status.json',
  metrics: 'metrics.jsonl',
  /** The epochs of the run for spreadsheets, written at its end. */
  metricsCsv: 'metrics.csv',
  /** A folder of event files for TensorBoard. */
  tensorboard: 'tensorboard',
  student: 'student.onnx',
  /** The student with the preparation of its data in it, where the experiment asks for it. */
  rawStudent: 'student.raw.onnx',
  /** The student as pruning left it, where it is its teacher with fewer channels. */
  pruned: 'student.pruned.onnx',
  /** The student in other number formats, where the experiment asks for them. */
  'static-int8': 'student.static-int8.onnx',
  'dynamic-int8': 'student.dynamic-int8.onnx',
  'aware-int8': 'student.aware-int8.onnx',
  float16: 'student.float16.onnx',
  int4: 'student.int4.onnx',
  teacher: 'teacher.onnx',
  baseline: 'baseline.onnx',
  report: 'report.json',
  reportHtml: 'report.html',
  /** How the networks did on every sample of the test split; see `TestScores`. */
  scores: 'scores.json',
  /** Only where the student is a decision tree, soft or not. */
  tree: 'tree.json',
  /** What a person wrote on the run: its name, a star, a note; see `RunMarks`. */
  marks: 'marks.json',
  /** A folder of networks of further seeds, while the run goes. */
  repeats: 'repeats',
  /** A folder of what the workers of a training in rounds did, while the run goes. */
  rounds: 'rounds',
  /** A folder of what teachers at sites said of the public samples, and of the networks that sites trained. */
  sites: 'sites',
  /** A folder; see `RunJournal`. */
  checkpoint: 'checkpoint',
} as const;

/** How often the status of a run that goes well is written, at most. */
const STATUS_INTERVAL_MS = 500;

/**
 * The folder of one run while it is written: its status and its events. The pipeline owns it, and no other process writes to
 * it meanwhile. What cannot be written is told by the next method that waits.
 */
export class RunFolder {
  readonly path: string;
  readonly #lease: RunLease;
  readonly #metrics: WriteStream;
  /** Length of `metrics.jsonl` when everything that was appended is written. */
  #metricsBytes: number;
  #isReplaying: boolean;
  #status: RunStatus;
  #writtenAt = 0;
  #writing: Promise<void> = Promise.resolve();
  /** What kept events or the status from being written, first of all. */
  #failure: { readonly error: unknown } | undefined;

  private constructor(
    path: string,
    status: RunStatus,
    lease: RunLease,
    metrics: { readonly bytes: number; readonly isReplaying: boolean },
  ) {
    this.path = path;
    this.#lease = lease;
    const file = join(path, runFiles.metrics);
    this.#metrics = createWriteStream(file, { flags: 'a' });
    this.#metrics.on('error', (error) => {
      this.noteFailure(writingError(file, error));
    });
    this.#metricsBytes = metrics.bytes;
    this.#isReplaying = metrics.isReplaying;
    this.#status = status;
  }

  /**
   * Creates the folder with the experiment as it is run. What an earlier run left in it is removed.
   *
   * @param before files that have to be there before anything says that there is a run, by their path in the folder
   * @throws DistilleryError `BAD_INPUT` when another process writes to the folder, or it cannot be made
   */
  static async create(
    path: string,
    experiment: unknown,
    status: RunStatus,
    before: ReadonlyMap<string, Uint8Array> = new Map(),
  ): Promise<RunFolder> {
    const lease = await takeNewFolder(path);
    let folder: RunFolder | undefined;
    try {
      // Without a status there is no run, whatever else is there when this is interrupted.
      await rm(join(path, runFiles.status), { force: true });
      await removeUnfinished(path);
      await removeFiles(path);
      await writeAtomically(join(path, runFiles.experiment), `${JSON.stringify(experiment, null, 2)}\n`);
      for (const [name, content] of before) {
        await makeFolder(dirname(join(path, name)));
        await writeAtomically(join(path, name), content);
      }
      folder = new RunFolder(path, status, lease, { bytes: 0, isReplaying: false });
      await folder.update({});
      return folder;
    } catch (error) {
      await folder?.close();
      // A run that has not begun leaves nothing: it would keep the next one from beginning there.
      if (!existsSync(join(path, runFiles.status))) await removeFiles(path).catch(() => undefined);
      lease.release();
      throw beforeRun(path, error);
    }
  }

  /**
   * Opens the folder of a run that ended early, to go on where `metrics.jsonl` had `metricsBytes` bytes: what was told after
   * that is dropped, and what is told until `endReplay` is in it already and not appended again.
   *
   * @param lease of the folder, which closing it releases
   */
  static async reopen(
    path: string,
    status: RunStatus,
    metricsBytes: number,
    lease: RunLease = RunLease.take(path),
  ): Promise<RunFolder> {
    await Promise.all([path, join(path, runFiles.checkpoint)].map(removeUnfinished));
    const told = (await readIfThere(readFile(join(path, runFiles.metrics)), Buffer.alloc(0))).subarray(0, metricsBytes);
    // A file that lost its end with the machine's power may break off in the middle of a line.
    const kept = told.subarray(0, told.lastIndexOf('\n') + 1);
    await writeAtomically(join(path, runFiles.metrics), kept);
    await Promise.all(
      [runFiles.report, runFiles.reportHtml, runFiles.tree].map((name) => rm(join(path, name), { force: true })),
    );
    const folder = new RunFolder(path, status, lease, { bytes: kept.length, isReplaying: kept.length > 0 });
    await folder.update({});
    return folder;
  }

  /** Path of a file in the folder. */
  file(name: keyof typeof runFiles): string {
    return join(this.path, runFiles[name]);
  }

  /** Appends an event to `metrics.jsonl`. */
  append(event: RunEvent): void {
    if (this.#isReplaying || this.#failure) return;
    const line = `${JSON.stringify(event)}\n`;
    this.#metricsBytes += Buffer.byteLength(line);
    this.#metrics.write(line);
  }

  /** Whether what is told is in `metrics.jsonl` already. */
  get isReplaying(): boolean {
    return this.#isReplaying;
  }

  /** From now on events are new to `metrics.jsonl`. */
  endReplay(): void {
    this.#isReplaying = false;
  }

  /**
   * Waits until every event is written and returns the length of `metrics.jsonl`.
   * @throws DistilleryError when something could not be written, or another process took the folder over
   */
  async flush(): Promise<number> {
    this.assertHeld();
    await new Promise<void>((resolve) => {
      if (this.#failure) resolve();
      else {
        this.#metrics.write('', (error) => {
          if (error) this.noteFailure(writingError(this.file('metrics'), error));
          resolve();
        });
      }
    });
    this.#throwFailure();
    return this.#metricsBytes;
  }

  /** Keeps an error for the next method that waits: whoever tells an event does not expect one. */
  noteFailure(error: unknown): void {
    this.#failure ??= { error };
  }

  /** @throws DistilleryError when another process took the folder over; nothing may be written to it then */
  assertHeld(): void {
    this.#lease.assertHeld();
  }

  /** Whether this process may still write to the folder. */
  get isHeld(): boolean {
    return this.#lease.isHeld;
  }

  /** Changes the status, and writes it when the last writing is long enough ago. */
  note(change: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...change };
    if (performance.now() - this.#writtenAt < STATUS_INTERVAL_MS) return;
    this.#writtenAt = performance.now();
    this.#writeStatus().catch((error: unknown) => {
      this.noteFailure(error);
    });
  }

  /** Changes the status and waits until it is on the disk. */
  async update(change: Partial<RunStatus>): Promise<void> {
    this.#status = { ...this.#status, ...change };
    await this.#writeStatus();
  }

  /** Flushes the events, and gives the folder back. What could not be written has been told before, or is of no use any more. */
  async close(): Promise<void> {
    await this.#writing;
    this.#metrics.end();
    await finished(this.#metrics).catch(() => undefined);
    this.#lease.release();
  }

  /** Writes the status after what is being written. */
  #writeStatus(): Promise<void> {
    const writing = this.#writing.then(async () => {
      this.assertHeld();
      const text = `${JSON.stringify(this.#status, null, 2)}\n`;
      try {
        await writeAtomically(this.file('status'), text);
      } catch (error) {
        if (!isOutOfRoom(error)) throw error;
        // The room that the old status has is often enough for the new one. Where it is not, or there is none, the disk is full.
        const isWritten = await overwrite(this.file('status'), text).then(
          () => true,
          () => false,
        );
        if (!isWritten) throw error;
      }
    });
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}

/** Removes whatever a run leaves. */
async function removeFiles(path: string): Promise<void> {
  await Promise.all(Object.values(runFiles).map((name) => rm(join(path, name), { force: true, recursive: true })));
}

/** Makes a run folder, unless there is one, and takes its lease. */
async function takeNewFolder(path: string): Promise<RunLease> {
  try {
    await makeFolder(path);
    return RunLease.take(path);
  } catch (error) {
    throw writingError(path, error, { code: 'BAD_INPUT', hint: 'Name a folder with --out that can be written to.' });
  }
}

/** An error that kept a run from beginning, so that there is none to go on with. */
function beforeRun(path: string, error: unknown): unknown {
  const cause = error instanceof DistilleryError ? error.cause : error;
  const told = writingError(path, cause);
  if (!(told instanceof DistilleryError)) return error;
  const message = error instanceof DistilleryError ? error.message : told.message;
  return new DistilleryError('TRAINING', message, { cause, hint: 'When that is mended, start the run again.' });
}
