import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readOtherReports } from '../../runFolder/otherReports.ts';
import { runFiles } from '../../runFolder/runFolder.ts';
import type { Phase, RunStatus } from '../../protocol/events.ts';
import { sizedNetworks } from '../../report/sizedNetworks.ts';
import type { CsvLine } from '../../protocol/panel.ts';
import type { Closeup, NetworkRange, RunSnapshot } from '../../protocol/snapshot.ts';
import { MetricsTail } from './metricsTail.ts';
import { readReport, readTree } from '../../launching/readReport.ts';
import { readLogTail, readRunExperiment, readRunStatus } from '../../launching/readRuns.ts';
import { RunHistory } from './runHistory.ts';
import { plannedStages } from './plannedStages.ts';

/** Of a long run that is read for the first time, what is known so far is told this often. */
const TELL_MEANWHILE_MS = 1000;
/** Why a process died is written down by whoever stood by it, soon after it is gone. */
const REASON_MS = 10_000;

export interface RunFollowerOptions {
  readonly folder: string;
  readonly intervalMs: number;
  /** Whether a person asked this run to stop. */
  readonly isStopping: () => boolean;
  /** Whether the run's process has given no sign of life for a minute. */
  readonly isSilent?: () => boolean;
  readonly onSnapshot: (snapshot: RunSnapshot) => void;
  readonly onError: (error: unknown) => void;
}

/** Reads a run folder again and again while its run goes on, and tells what changed. */
export class RunFollower {
  readonly folder: string;
  readonly #options: RunFollowerOptions;
  readonly #metrics: MetricsTail;
  readonly #history = new RunHistory();
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;
  #isOver = false;
  /** When the process was found gone without a reason. */
  #goneAt: number | undefined;
  #lastTold: string | undefined;
  #planned: readonly Phase[] | undefined;

  constructor(options: RunFollowerOptions) {
    this.folder = options.folder;
    this.#options = options;
    this.#metrics = new MetricsTail(join(options.folder, runFiles.metrics));
    void this.#follow();
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  /** The curves within these ranges, as finely as they can be shown. */
  closeup(ranges: readonly NetworkRange[]): Closeup {
    return this.#history.closeup(ranges);
  }

  /** Every value of these lines, as comma-separated values, in pieces. */
  csv(lines: readonly CsvLine[]): Iterable<string> {
    return this.#history.csv(lines);
  }

  async #follow(): Promise<void> {
    let goesOn = true;
    try {
      // In this order: what the status says has happened is in the metrics by then.
      const status = await readRunStatus(this.folder);
      // Once more after the end, for what was still being written.
      goesOn = !this.#isOver || this.#awaitsReason(status);
      this.#isOver = status !== undefined && status.state !== 'running';
      let hasNewEvents = false;
      let told = performance.now();
      for await (const events of this.#metrics.read()) {
        if (this.#isDisposed) return;
        for (const event of events) this.#history.add(event);
        hasNewEvents = true;
        if (performance.now() - told < TELL_MEANWHILE_MS) continue;
        await this.#tell(status, true);
        told = performance.now();
      }
      await this.#tell(status, hasNewEvents);
    } catch (error) {
      this.#options.onError(error);
    }
    if (goesOn && !this.#isDisposed) this.#timer = setTimeout(() => void this.#follow(), this.#options.intervalMs);
  }

  #awaitsReason(status: RunStatus | undefined): boolean {
    if (status?.state !== 'interrupted' || status.problems !== undefined) return false;
    this.#goneAt ??= performance.now();
    return performance.now() - this.#goneAt < REASON_MS;
  }

  async #tell(status: RunStatus | undefined, hasNewEvents: boolean): Promise<void> {
    const state =
      status?.state === 'running' && this.#options.isStopping() ? 'stopping' : (status?.state ?? 'starting');
    const isSilent = state === 'running' && this.#options.isSilent?.() === true;
    const told = JSON.stringify({ ...status, state, isSilent });
    if (!hasNewEvents && told === this.#lastTold) return;
    this.#lastTold = told;
    const recorded = this.#history.snapshot(this.#isOver);
    const report = this.#isOver ? await readReport(this.folder) : undefined;
    const tree = report && (await readTree(this.folder));
    const networks = report && sizedNetworks(report, await readOtherReports(this.folder));
    const hasStudent = this.#isOver && existsSync(join(this.folder, runFiles.student));
    const hasCheckpoint = this.#isOver && existsSync(join(this.folder, runFiles.checkpoint));
    const log = state === 'interrupted' ? await readLogTail(this.folder) : undefined;
    // Before the folder has its experiment, nothing is known of what is to come.
    const experiment = this.#planned ? undefined : await readRunExperiment(this.folder);
    if (experiment !== undefined) this.#planned = plannedStages(experiment);
    if (this.#isDisposed) return;
    this.#options.onSnapshot({
      id: status?.id ?? basename(this.folder),
      name: status?.name ?? basename(this.folder),
      progress: status?.progress ?? 0,
      ...(status?.secondsLeft !== undefined && { secondsLeft: status.secondsLeft }),
      stages: this.#history.stages(this.#planned ?? []),
      ...(status && { startedAt: status.startedAt }),
      ...(status?.endedAt !== undefined && { endedAt: status.endedAt }),
      ...recorded,
      ...(status?.reason !== undefined && { reason: status.reason }),
      ...(state === 'running' && status?.paused === true && { pause: 'held' as const }),
      ...(isSilent && { isSilent }),
      ...(status?.problems && { problems: status.problems }),
      state,
      ...(hasStudent && { hasStudent: true as const }),
      ...(hasCheckpoint && { hasCheckpoint: true as const }),
      ...(report && { report }),
      ...(tree && { tree }),
      ...(networks && { networks }),
      ...(log !== undefined && { log }),
    });
  }
}
