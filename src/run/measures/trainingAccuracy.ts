import { isCancellation } from '../../errors.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import { spreadSamples } from '../../data/samples/spreadSamples.ts';
import { evaluateFile } from '../../evaluation/evaluateNetwork.ts';
import type { Run } from '../run.ts';

/** Enough to tell one per cent from two. */
const MOST_SAMPLES = 2000;

/**
 * How often the student is right on what it was trained on, 0…1, from at most 2,000 of the samples; null where nothing is decided, and
 * where the run was stopped.
 */
export async function trainingAccuracyOf(run: Run): Promise<number | null> {
  const { dataset } = run.prepared;
  if (run.signal.aborted || dataset.task.kind === 'matching') return null;
  const chosen = Int32Array.from(spreadSamples(dataset.training.count, MOST_SAMPLES));
  const shown = { ...dataset, test: selectSamples(dataset.training, chosen) };
  const options = { signal: run.signal, onProgress: () => undefined };
  try {
    return (await evaluateFile('student', run.folder.file('student'), shown, options)).metrics.accuracy;
  } catch (error) {
    // A person who stops the run now is to get its report at once.
    if (isCancellation(error)) return null;
    throw error;
  }
}
