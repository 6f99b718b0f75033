import { runFiles } from '../../../src/runFolder/runFolder.ts';
import type { RunStatus } from '../../../src/protocol/events.ts';
import { renderHtml } from '../../../src/rendering/renderHtml.ts';
import type { Report } from '../../../src/report/report.ts';
import { crowdedReport, LONG_PATH } from '../../support/crowdedReport.ts';
import { sampleEvents } from '../../support/sampleEvents.ts';
import { filesOfRun } from './filesOfRun.ts';

/** The name of the experiment of `crowdedRun`. */
export const CROWDED_NAME =
  'Pneumonie-Screening der Universitätsklinik, zweite Erhebung, 肺炎筛查 (second try with the larger teacher)';

/** The folder of a run that ended long ago, whose report has nearly every part and names of every kind, by path in the workspace. */
export function crowdedRun(): Readonly<Record<string, string>> {
  const id = '2026-01-05T03-04-05-crowded';
  const status: RunStatus = {
    id,
    name: CROWDED_NAME,
    state: 'finished',
    startedAt: '2026-01-05T03:04:05.000Z',
    endedAt: '2026-01-05T03:14:05.000Z',
    progress: 1,
    accuracy: 0.9891,
    teacherAccuracy: 0.9921,
  };
  const report: Report = { ...crowdedReport, id, name: CROWDED_NAME };
  const contents = {
    [runFiles.status]: status,
    [runFiles.report]: report,
    [runFiles.experiment]: {
      name: CROWDED_NAME,
      teacher: { architecture: 'mlp', hidden: [64], training: { epochs: 1 } },
      dataset: { path: LONG_PATH },
      student: { architecture: 'mlp', hidden: [16] },
    },
  };
  return filesOfRun(id, contents, { [runFiles.reportHtml]: renderHtml(report, sampleEvents) });
}
