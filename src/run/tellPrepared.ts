import { describeSettled } from '../experiment/settleExperiment.ts';
import type { Run } from './run.ts';

/** Tells, at the start of a run and of one that goes on, what was found out and decided before its first step. */
export function tellPrepared({ prepared, experiment, written, onEvent }: Run): void {
  const tell = (message: string): void => {
    onEvent({ kind: 'phase', phase: 'preflight', message });
  };
  for (const { severity, where, message } of prepared.dataset.findings) {
    // How many samples of each class there are, and which are found twice, is in the report.
    if (severity === 'information' && where !== 'dataset') tell(message);
  }
  prepared.notes.forEach(tell);
  prepared.matching.flatMap(({ notes }) => notes).forEach(tell);
  const decided = describeSettled(written.training, experiment.training, 'the student');
  if (decided !== undefined) tell(decided);
}
