import { DistilleryError, messageOf } from '../errors.ts';
import { metricsCsv } from '../evaluation/metricsCsv.ts';
import { renderHtml } from '../evaluation/renderHtml.ts';
import { softTreeSection } from '../evaluation/softTree/softTreeSection.ts';
import type { RunEvent } from '../protocol/events.ts';
import { writeAtomically } from '../writeAtomically.ts';
import { distill, type Run } from './distill.ts';
import { readOtherReports } from './otherReports.ts';
import { readSoftTree } from './readRun.ts';
import type { RunRecorder } from './runRecorder.ts';
import type { RunResult } from './runResult.ts';

/**
 * Goes through the stages of a run and writes into its folder how it ends. Closes the folder.
 *
 * @throws DistilleryError when training itself fails; the run folder then says so
 */
export async function conductRun(run: Run, recorder: RunRecorder): Promise<RunResult> {
  const { folder, journal } = run;
  try {
    const result = await distill(run);
    // However little of a resumed run was repeated: that it has ended is new.
    folder.endReplay();
    await writeAtomically(folder.file('metricsCsv'), metricsCsv(recorder.curveEvents));
    if (result.report) {
      const tree = await readSoftTree(folder.path);
      const page = renderHtml(result.report, recorder.curveEvents, {
        tree: tree && (await softTreeSection(tree)),
        others: await readOtherReports(folder.path),
      });
      await writeAtomically(folder.file('reportHtml'), page);
    }
    run.onEvent(endOf(result));
    await folder.update({
      state: result.state,
      endedAt: new Date().toISOString(),
      ...(result.state === 'finished' && { progress: 1 }),
    });
    if (result.state === 'finished') await journal.remove();
    return result;
  } catch (error) {
    const problems = [{ where: run.name, message: messageOf(error), ...hintOf(error) }];
    folder.endReplay();
    recorder.record({ kind: 'failed', problems });
    await folder.update({ state: 'failed', endedAt: new Date().toISOString(), problems });
    throw error;
  } finally {
    await folder.close();
  }
}

function endOf(result: RunResult): RunEvent {
  switch (result.state) {
    case 'finished':
      return { kind: 'finished', report: result.report };
    case 'cancelled':
      return {
        kind: 'cancelled',
        message: 'Stopped. The best student so far was kept.',
        ...(result.report && { report: result.report }),
      };
  }
}

function hintOf(error: unknown): { readonly hint?: string } {
  return error instanceof DistilleryError && error.hint !== undefined ? { hint: error.hint } : {};
}
