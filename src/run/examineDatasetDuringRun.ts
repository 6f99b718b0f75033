import { isCancellation, messageOf, type Problem } from '../errors.ts';
import type { Run } from './run.ts';

/**
 * Finds out about the dataset of a run, while it goes on, what would have taken too long before it, and tells it as the run's
 * warnings. A run that ends sooner is not kept waiting.
 *
 * @param signal ends it
 */
export function examineDatasetDuringRun(
  { prepared, onEvent }: Pick<Run, 'prepared' | 'onEvent'>,
  signal: AbortSignal,
): void {
  const warn = (problem: Problem): void => {
    if (!signal.aborted) onEvent({ kind: 'warning', problem });
  };
  prepared.dataset.examineLater?.(signal).then(
    (findings) => {
      for (const { severity, ...problem } of findings) if (severity === 'warning') warn(problem);
    },
    (error: unknown) => {
      if (isCancellation(error)) return;
      warn({ where: 'dataset', message: `Training and test could not be compared: ${messageOf(error)}.` });
    },
  );
}
