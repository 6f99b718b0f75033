import { runFiles } from '../../../src/runFolder/runFolder.ts';
import type { RunStatus } from '../../../src/protocol/events.ts';
import type { Report } from '../../../src/report/report.ts';
import { detailedReport } from '../../support/detailedReport.ts';
import { softTreeOf } from '../../support/softTree.ts';
import { filesOfRun } from './filesOfRun.ts';

/** The name of the experiment of `storedRun`. */
export const STORED_NAME = 'a readable tree';

/**
 * The folder of a run that ended long ago, by path in the workspace: its student is a soft decision tree for images, its test split
 * that of the built-in digits. The figures are not the result of a run.
 */
export function storedRun(): Readonly<Record<string, string>> {
  const id = '2026-01-02T03-04-05-a-readable-tree';
  const status: RunStatus = {
    id,
    name: STORED_NAME,
    state: 'finished',
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:14:05.000Z',
    progress: 1,
    accuracy: 0.9891,
  };
  const dataset = { ...detailedReport.dataset, path: 'builtin:digits', test: 4000 };
  const advice: Report['advice'] = [
    {
      kind: 'worse-than-baseline',
      file: runFiles.baseline,
      isSure: false,
      patch: { teacher: null, objective: 'auto' },
    },
    { kind: 'too-small', trainingAccuracy: 0.97, teacherAccuracy: 0.99, patch: { student: { depth: 6 } } },
  ];
  const report: Report = { ...detailedReport, id, name: STORED_NAME, dataset, advice };
  const contents = {
    [runFiles.status]: status,
    [runFiles.report]: report,
    [runFiles.tree]: softTreeOf({ depth: 5, sampleShape: [1, 8, 8] }),
    [runFiles.experiment]: {
      name: STORED_NAME,
      teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 1 } },
      dataset: { path: 'builtin:digits' },
      student: { architecture: 'soft-tree', depth: 5 },
    },
  };
  return filesOfRun(id, contents);
}
