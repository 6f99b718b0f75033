import type { Problem } from '../../errors.ts';
import type { StoredRun } from '../../launching/readRun.ts';

export interface RunsOptions {
  /** Path of the bundled program that trains. */
  readonly trainerProgram: string;
  /** How many minutes a run goes on when no window is connected, for runs that are started from now on. */
  readonly orphanMinutes: () => number;
  /** Bytes that outputs of teachers may take, for runs that are started from now on; undefined for a share of what there is. */
  readonly memory?: () => number | undefined;
  /** Language of `report.html`, for runs that are started from now on; English where it is left out. */
  readonly language?: () => string;
  /** What runs train on whose experiment does not say; undefined for what is found. */
  readonly device?: () => string | undefined;
  /** Where runs are, from their workspace folder; `.distillery/runs` where it is left out. */
  readonly runFolder?: () => string;
  /** The list or the state of a run changed. */
  readonly onChange: () => void;
  /** A run that was running ended. */
  readonly onEnd: (run: StoredRun) => void;
  /** A run that goes on has given no sign of life for a minute. */
  readonly onSilent?: (run: StoredRun) => void;
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
  /** Where it is to be written, where that is not left to be chosen. */
  readonly folder?: string;
}
