import { join } from 'node:path';
import { makeFolder } from '../../platform/makeFolder.ts';
import type { DeviceName, RunEvent } from '../../protocol/events.ts';
import type { SeedResult } from '../../report/report.ts';
import type { Run } from '../run.ts';
import { evaluateFile } from '../../evaluation/evaluateNetwork.ts';
import type { TrainingMaterial } from './featureStage.ts';
import { adoptTraining } from './adoptTraining.ts';
import { trainBaseline } from './baselineStage.ts';
import { endsWithTaught } from './guardStage.ts';
import { trainStudent } from './studentStage.ts';
import type { Taught } from './teacherStage.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';

/**
 * Trains the student and its baseline once more for every further seed that the experiment asks for, and judges them on the
 * test split. They are there to be compared and not to be shipped.
 *
 * @returns one result per further seed; fewer when the run was stopped
 */
export async function repeatStage(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught | undefined,
): Promise<readonly SeedResult[]> {
  const { experiment, folder } = run;
  const results: SeedResult[] = [];
  if (experiment.repeats > 1) await makeFolder(folder.file('repeats'));
  const { part } = run.shared ?? {};
  for (let repeat = 1; repeat < experiment.repeats; repeat++) {
    if (part?.kind === 'repeat' && part.repeat !== repeat) continue;
    const seed = experiment.training.seed + repeat;
    const message = `Repeats with seed ${seed} (${repeat + 1} of ${experiment.repeats})`;
    run.onEvent({ kind: 'phase', phase: 'repeats', message });
    const withBaseline = taught !== undefined && experiment.baseline;
    const trainings = (experiment.repeats - 1) * (withBaseline ? 2 : 1);
    const repeated = (network: 'student' | 'baseline'): Run => ({
      ...run,
      experiment: { ...experiment, training: { ...experiment.training, seed } },
      onEvent: (event) => {
        const before = (repeat - 1) * (withBaseline ? 2 : 1) + (network === 'baseline' ? 1 : 0);
        const told = progressOf(event, before, trainings);
        if (told) run.onEvent(told);
      },
    });
    const judge = async (finished: FinishedTraining | undefined, file: string) => {
      if (!finished || finished.endedBy === 'stopped') return null;
      const options = { signal: run.signal, onProgress: () => undefined };
      const { accuracy, errors, loss } = (await evaluateFile('student', file, run.prepared.dataset, options)).metrics;
      return { accuracy, errors, loss };
    };
    const studentFile = join(folder.file('repeats'), `student-${seed}.onnx`);
    await adoptTraining(run, studentFile);
    const student = await judge(
      await trainStudent(repeated('student'), device, material, taught, studentFile),
      studentFile,
    );
    if (!student) break;
    const baselineFile = join(folder.file('repeats'), `baseline-${seed}.onnx`);
    if (withBaseline) await adoptTraining(run, baselineFile);
    const trained = withBaseline
      ? await trainBaseline(repeated('baseline'), device, material, taught, {
          student: studentFile,
          baseline: baselineFile,
        })
      : undefined;
    if (trained?.endedBy === 'stopped') break;
    const baseline = await judge(trained, baselineFile);
    // Where the run chooses by itself, it ends with the better of both for every seed.
    const files = { student: studentFile, baseline: baselineFile };
    const isGivenUp = baseline !== null && run.journal.choice && !(await endsWithTaught(run, taught, files));
    results.push({ seed, student: isGivenUp ? baseline : student, baseline });
  }
  return results;
}

/** What a repeated training tells of itself: how far all repeats are, and what went wrong. */
function progressOf(event: RunEvent, before: number, trainings: number): RunEvent | undefined {
  if (event.kind === 'warning') return event;
  if (event.kind !== 'step') return undefined;
  return { kind: 'progress', phase: 'repeats', done: before + event.step / event.steps, total: trainings };
}
