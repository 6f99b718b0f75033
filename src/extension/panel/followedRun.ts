import type { CsvLine, HostMessage } from '../../protocol/panel.ts';
import type { NetworkRange, RunSnapshot } from '../../protocol/snapshot.ts';
import { RunFollower } from '../runs/runFollower.ts';
import type { Runs } from '../runs/runSupervisor.ts';

/** Snapshots per second are this many at most. */
const SNAPSHOT_INTERVAL_MS = 200;

export interface FollowedRunOptions {
  readonly runs: Pick<Runs, 'isSilent' | 'isStopping' | 'setPaused'>;
  readonly post: (message: HostMessage) => void;
  readonly onError: (error: unknown) => void;
}

/** The run that a panel shows, for as long as somebody looks. */
export class FollowedRun {
  readonly #options: FollowedRunOptions;
  #follower: RunFollower | undefined;
  #shown: RunSnapshot | undefined;
  /** The curves that the panel has. */
  #toldLosses: RunSnapshot['losses'] | undefined;
  #isPauseAsked = false;
  #isDisposed = false;

  constructor(options: FollowedRunOptions) {
    this.#options = options;
  }

  /** Follows no run any more, whatever is asked for by what was still being done. */
  dispose(): void {
    this.#isDisposed = true;
    this.follow(undefined);
  }

  /** Shows how another run goes on, or none. */
  follow(folder: string | undefined): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    this.#shown = undefined;
    this.#toldLosses = undefined;
    this.#isPauseAsked = false;
    if (folder === undefined || this.#isDisposed) return;
    const { runs, onError } = this.#options;
    this.#follower = new RunFollower({
      folder,
      intervalMs: SNAPSHOT_INTERVAL_MS,
      isStopping: () => runs.isStopping(folder),
      isSilent: () => runs.isSilent(folder),
      onSnapshot: (run: RunSnapshot) => {
        this.#show(run);
      },
      onError,
    });
  }

  /**
   * Has the run wait, or go on.
   * @throws DistilleryError when its process cannot be told
   */
  setPaused(isPaused: boolean): void {
    if (!this.#follower) return;
    this.#options.runs.setPaused(this.#follower.folder, isPaused);
    this.#isPauseAsked = isPaused;
    if (this.#shown?.state === 'running') this.#show({ ...this.#shown, pause: undefined });
  }

  /** Tells the curves within these ranges more finely. */
  lookCloser(ranges: readonly NetworkRange[]): void {
    if (this.#follower) this.#options.post({ kind: 'closeup', closeup: this.#follower.closeup(ranges) });
  }

  /** Every value of these lines, as comma-separated values, in pieces; nothing where no run is shown. */
  csv(lines: readonly CsvLine[]): Iterable<string> {
    return this.#follower?.csv(lines) ?? [];
  }

  /** A pause that was asked for is told until it takes effect. */
  #show(run: RunSnapshot): void {
    this.#shown = run;
    // It has taken effect: whoever has the run go on, in another window, too, ends it.
    if (run.pause !== undefined) this.#isPauseAsked = false;
    const isWaitedFor = this.#isPauseAsked && run.state === 'running' && run.pause === undefined;
    const { losses, accuracies, validationLosses, learningRates, speeds, clocks, ...rest } = run;
    const isNew = losses !== this.#toldLosses;
    this.#toldLosses = losses;
    this.#options.post({
      kind: 'run',
      run: isWaitedFor ? { ...rest, pause: 'asked' } : rest,
      ...(isNew && { curves: { losses, accuracies, validationLosses, learningRates, speeds, clocks } }),
    });
  }
}
