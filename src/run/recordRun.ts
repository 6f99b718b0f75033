import { rm } from 'node:fs/promises';
import { DistilleryError, messageOf } from '../errors.ts';
import { metricsCsv } from '../rendering/metricsCsv.ts';
import { reportLanguage } from '../rendering/reportLanguage.ts';
import { renderHtml } from '../rendering/renderHtml.ts';
import { treeSection } from '../rendering/treeSection.ts';
import type { RunEvent } from '../protocol/events.ts';
import { writeAtomically } from '../platform/writeAtomically.ts';
import { errorOfRun } from '../platform/writingError.ts';
import { runStages } from './runStages.ts';
import type { Run } from './run.ts';
import { readOtherReports } from '../runFolder/otherReports.ts';
import { readTree } from '../runFolder/readRun.ts';
import type { RunRecorder } from '../runFolder/runRecorder.ts';
import type { RunResult } from './runResult.ts';

/**
 * Goes through the stages of a run and writes into its folder how it ends. Closes the folder.
 *
 * What the run needs to go on is removed after everything that it ends with is on the disk: interrupted at any moment it can go
 * on, or it has finished.
 *
 * @param begin what comes before the stages
 * @throws DistilleryError when training itself fails; the run folder then says so
 */
export async function recordRun(
  run: Run,
  recorder: RunRecorder,
  begin: () => Promise<void> = () => Promise.resolve(),
): Promise<RunResult> {
  const { folder } = run;
  const tellPaused = (paused: true | undefined): void => {
    folder.update({ paused }).catch((error: unknown) => {
      folder.noteFailure(error);
    });
  };
  run.pause?.watch({
    onHold: () => {
      tellPaused(true);
    },
    onRelease: (milliseconds) => {
      run.journal.rest(milliseconds);
      tellPaused(undefined);
    },
  });
  try {
    await begin();
    const result = await runStages(run);
    // However little of a resumed run was repeated: that it has ended is new.
    folder.endReplay();
    await writeAtomically(folder.file('metricsCsv'), metricsCsv(recorder.curveEvents));
    if (result.report) {
      const tree = await readTree(folder.path);
      const language = reportLanguage(run.language);
      const beside = {
        tree: tree && (await treeSection(tree, language)),
        others: await readOtherReports(folder.path),
      };
      const page = renderHtml(result.report, recorder.curveEvents, beside, language);
      await writeAtomically(folder.file('reportHtml'), page);
    }
    run.onEvent(endOf(result, run.signal));
    await folder.flush();
    await folder.update({
      state: result.state,
      endedAt: new Date().toISOString(),
      ...(result.state === 'finished' ? { progress: 1 } : stopReasonOf(run.signal)),
    });
    if (result.state === 'finished') await removeMeans(run);
    return result;
  } catch (thrown) {
    const error = errorOfRun(folder.path, thrown);
    // Another process may be at the run by now.
    if (!folder.isHeld) throw error;
    const problems = [{ where: run.name, message: messageOf(error), ...hintOf(error) }];
    folder.endReplay();
    recorder.record({ kind: 'failed', problems });
    // Where even this cannot be written, the views see from the process's end that the run did not finish.
    await folder.update({ state: 'failed', endedAt: new Date().toISOString(), problems }).catch(() => undefined);
    throw error;
  } finally {
    await folder.close();
  }
}

/** Removes what the run needed to go on, in an order in which nothing says that it could when it cannot. */
async function removeMeans({ folder, journal }: Run): Promise<void> {
  await journal.remove();
  await rm(folder.file('repeats'), { recursive: true, force: true });
  await rm(folder.file('rounds'), { recursive: true, force: true });
}

/** Why a run was stopped, where nobody asked for it. */
function stopReasonOf({ reason }: AbortSignal): { readonly reason?: string } {
  return reason instanceof DistilleryError ? { reason: reason.message } : {};
}

function endOf(result: RunResult, signal: AbortSignal): RunEvent {
  switch (result.state) {
    case 'finished':
      return { kind: 'finished', report: result.report };
    case 'cancelled':
      return {
        kind: 'cancelled',
        message: `${stopReasonOf(signal).reason ?? 'Stopped.'} The best student so far was kept.`,
        ...(result.report && { report: result.report }),
      };
  }
}

function hintOf(error: unknown): { readonly hint?: string } {
  return error instanceof DistilleryError && error.hint !== undefined ? { hint: error.hint } : {};
}
