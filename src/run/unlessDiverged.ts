import { hasDiverged, type Problem } from '../errors.ts';
import type { Run } from './run.ts';

/**
 * What a run can do without, such as its baseline: left out with a warning where a training for it diverges, as it would again if the run were
 * resumed. What was trained before gets its report.
 *
 * @param warnOf the warning, by what the training ended with
 * @throws any other error of the training
 */
export async function unlessDiverged<Result>(
  { onEvent }: Pick<Run, 'onEvent'>,
  training: () => Promise<Result>,
  warnOf: (reason: string) => Problem,
): Promise<Result | undefined> {
  try {
    return await training();
  } catch (error) {
    if (!hasDiverged(error)) throw error;
    onEvent({ kind: 'warning', problem: warnOf(error.message) });
    return undefined;
  }
}
