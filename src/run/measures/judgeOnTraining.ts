import { isCancellation } from '../../errors.ts';
import { selectSamples } from '../../data/samples/selectSamples.ts';
import { spreadSamples } from '../../data/samples/spreadSamples.ts';
import { evaluateFile } from '../../evaluation/evaluateNetwork.ts';
import type { SplitMetrics } from '../../report/report.ts';
import type { Run } from '../run.ts';

/** Enough to tell one per cent from two. */
const MOST_SAMPLES = 2000;

/**
 * How well the student does on what it was trained on, from at most 2,000 of the samples; null where it matches what has no truth, and where
 * the run was stopped.
 */
export async function judgeOnTraining(run: Run): Promise<SplitMetrics | null> {
  const { dataset } = run.prepared;
  if (run.signal.aborted || dataset.task.kind === 'matching') return null;
  const chosen = Int32Array.from(spreadSamples(dataset.training.count, MOST_SAMPLES));
  const shown = { ...dataset, test: selectSamples(dataset.training, chosen) };
  const options = { signal: run.signal, onProgress: () => undefined };
  try {
    return (await evaluateFile('student', run.folder.file('student'), shown, options)).metrics;
  } catch (error) {
    // A person who stops the run now is to get its report at once.
    if (isCancellation(error)) return null;
    throw error;
  }
}
