import type { HostMessage } from '../../protocol/panel.ts';
import type { RunSnapshot } from '../../protocol/snapshot.ts';
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
  #isPauseAsked = false;

  constructor(options: FollowedRunOptions) {
    this.#options = options;
  }

  /** Shows how another run goes on, or none. */
  follow(folder: string | undefined): void {
    this.#follower?.dispose();
    this.#follower = undefined;
    this.#shown = undefined;
    this.#isPauseAsked = false;
    if (folder === undefined) return;
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

  /** A pause that was asked for is told until it takes effect. */
  #show(run: RunSnapshot): void {
    this.#shown = run;
    const isWaitedFor = this.#isPauseAsked && run.state === 'running' && run.pause === undefined;
    this.#options.post({ kind: 'run', run: isWaitedFor ? { ...run, pause: 'asked' } : run });
  }
}
