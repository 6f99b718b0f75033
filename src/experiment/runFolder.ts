import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import type { RunEvent, RunStatus } from '../protocol/events.ts';
import { writeAtomically } from '../writeAtomically.ts';

/** Files of a run folder. */
export const runFiles = {
  experiment: 'experiment.json',
  status: 'status.json',
  metrics: 'metrics.jsonl',
  student: 'student.onnx',
  teacher: 'teacher.onnx',
  baseline: 'baseline.onnx',
  report: 'report.json',
  reportHtml: 'report.html',
} as const;

/** How often the status of a run that goes well is written, at most. */
const STATUS_INTERVAL_MS = 500;

/** The folder of one run while it is written: its status and its events. The pipeline owns it. */
export class RunFolder {
  readonly path: string;
  readonly #metrics: WriteStream;
  #status: RunStatus;
  #writtenAt = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, metrics: WriteStream, status: RunStatus) {
    this.path = path;
    this.#metrics = metrics;
    this.#status = status;
  }

  /** Creates the folder with the experiment as it is run. What an earlier run left in it is removed. */
  static async create(path: string, experiment: unknown, status: RunStatus): Promise<RunFolder> {
    await mkdir(path, { recursive: true });
    await Promise.all(Object.values(runFiles).map((name) => rm(join(path, name), { force: true })));
    await writeAtomically(join(path, runFiles.experiment), `${JSON.stringify(experiment, null, 2)}\n`);
    const folder = new RunFolder(path, createWriteStream(join(path, runFiles.metrics)), status);
    await folder.update({});
    return folder;
  }

  /** Path of a file in the folder. */
  file(name: keyof typeof runFiles): string {
    return join(this.path, runFiles[name]);
  }

  /** Appends an event to `metrics.jsonl`. */
  append(event: RunEvent): void {
    this.#metrics.write(`${JSON.stringify(event)}\n`);
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
