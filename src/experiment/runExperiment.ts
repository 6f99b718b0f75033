import type { RunEvent } from '../protocol/events.ts';
import type { Report } from '../protocol/report.ts';
import { DistilleryError } from '../errors.ts';

export interface RunOptions {
  /** Run folder to write. */
  readonly folder: string;
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  /** Aborting stops the run within a second and keeps the best student so far. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** How a run ended. A cancelled run has a report when a student existed already. */
export type RunResult =
  { readonly state: 'finished'; readonly report: Report } | { readonly state: 'cancelled'; readonly report?: Report };

/**
 * Runs an experiment from its file's contents to its report: validation, dataset, teacher outputs, training, baseline,
 * evaluation. Writes the run folder and tells every step through `onEvent`.
 *
 * @throws BadInputError with every problem, before anything is written
 * @throws DistilleryError when training itself fails
 */
export function runExperiment(_experiment: unknown, _options: RunOptions): Promise<RunResult> {
  return Promise.reject(new DistilleryError('INTERNAL', 'Not connected yet.'));
}
