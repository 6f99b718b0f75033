import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import type { RunEvent, RunStatus } from '../protocol/events.ts';
import { removeUnfinished, writeAtomically } from '../writeAtomically.ts';

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
  float16: 'student.float16.onnx',
  teacher: 'teacher.onnx',
  baseline: 'baseline.onnx',
  report: 'report.json',
  reportHtml: 'report.html',
  /** Only where the student is a soft decision tree. */
  tree: 'tree.json',
  /** A folder of networks of further seeds, while the run goes. */
  repeats: 'repeats',
  /** A folder; see `RunJournal`. */
  checkpoint: 'checkpoint',
} as const;

/** How often the status of a run that goes well is written, at most. */
const STATUS_INTERVAL_MS = 500;

/** The folder of one run while it is written: its status and its events. The pipeline owns it. */
export class RunFolder {
  readonly path: string;
  readonly #metrics: WriteStream;
  /** Length of `metrics.jsonl` when everything that was appended is written. */
  #metricsBytes: number;
  #isReplaying: boolean;
  #status: RunStatus;
  #writtenAt = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    status: RunStatus,
    metrics: { readonly bytes: number; readonly isReplaying: boolean },
  ) {
    this.path = path;
    this.#metrics = createWriteStream(join(path, runFiles.metrics), { flags: 'a' });
    this.#metricsBytes = metrics.bytes;
    this.#isReplaying = metrics.isReplaying;
    this.#status = status;
  }

  /** Creates the folder with the experiment as it is run. What an earlier run left in it is removed. */
  static async create(path: string, experiment: unknown, status: RunStatus): Promise<RunFolder> {
    await mkdir(path, { recursive: true });
    await Promise.all(Object.values(runFiles).map((name) => rm(join(path, name), { force: true, recursive: true })));
    await writeAtomically(join(path, runFiles.experiment), `${JSON.stringify(experiment, null, 2)}\n`);
    const folder = new RunFolder(path, status, { bytes: 0, isReplaying: false });
    await folder.update({});
    return folder;
  }

  /**
   * Opens the folder of a run that ended early, to go on where `metrics.jsonl` had `metricsBytes` bytes: what was told after
   * that is dropped, and what is told until `endReplay` is in it already and not appended again.
   */
  static async reopen(path: string, status: RunStatus, metricsBytes: number): Promise<RunFolder> {
    await Promise.all([path, join(path, runFiles.checkpoint)].map(removeUnfinished));
    const told = (await readFile(join(path, runFiles.metrics))).subarray(0, metricsBytes);
    // A file that lost its end with the machine's power may break off in the middle of a line.
    const kept = told.subarray(0, told.lastIndexOf('\n') + 1);
    await writeAtomically(join(path, runFiles.metrics), kept);
    await Promise.all(
      [runFiles.report, runFiles.reportHtml, runFiles.tree].map((name) => rm(join(path, name), { force: true })),
    );
    const folder = new RunFolder(path, status, { bytes: kept.length, isReplaying: kept.length > 0 });
    await folder.update({});
    return folder;
  }

  /** Path of a file in the folder. */
  file(name: keyof typeof runFiles): string {
    return join(this.path, runFiles[name]);
  }

  /** Appends an event to `metrics.jsonl`. */
  append(event: RunEvent): void {
    if (this.#isReplaying) return;
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

  /** Waits until every event is written and returns the length of `metrics.jsonl`. */
  async flush(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#metrics.write('', (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return this.#metricsBytes;
  }

  /** Changes the status, and writes it when the last writing is long enough ago. */
  note(change: Partial<RunStatus>): void {
    this.#status = { ...this.#status, ...change };
    if (performance.now() - this.#writtenAt < STATUS_INTERVAL_MS) return;
    this.#writtenAt = performance.now();
    this.#enqueueStatus();
  }

  /** Changes the status and waits until it is on the disk. */
  async update(change: Partial<RunStatus>): Promise<void> {
    this.#status = { ...this.#status, ...change };
    this.#enqueueStatus();
    await this.#writing;
  }

  /** Flushes the events. */
  async close(): Promise<void> {
    await this.#writing;
    this.#metrics.end();
    await finished(this.#metrics);
  }

  #enqueueStatus(): void {
    this.#writing = this.#writing.then(() =>
      writeAtomically(this.file('status'), `${JSON.stringify(this.#status, null, 2)}\n`),
    );
  }
}
