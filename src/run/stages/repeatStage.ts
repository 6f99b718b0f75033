import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { DeviceName, RunEvent } from '../protocol/events.ts';
import type { SeedResult } from '../protocol/report.ts';
import type { Run } from './distill.ts';
import { evaluateFile } from './evaluateStage.ts';
import type { TrainingMaterial } from './featureStage.ts';
import { trainBaseline, trainStudent } from './studentStage.ts';
import type { Taught } from './teacherStage.ts';
import type { FinishedTraining } from './storedProgress.ts';

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
  if (experiment.repeats > 1) await mkdir(folder.file('repeats'), { recursive: true });
  for (let repeat = 1; repeat < experiment.repeats; repeat++) {
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
    const student = await judge(
      await trainStudent(repeated('student'), device, material, taught, studentFile),
      studentFile,
    );
    if (!student) break;
    const baselineFile = join(folder.file('repeats'), `baseline-${seed}.onnx`);
    const trained = withBaseline
      ? await trainBaseline(repeated('baseline'), device, material, taught, baselineFile)
      : undefined;
    if (trained?.endedBy === 'stopped') break;
    results.push({ seed, student, baseline: await judge(trained, baselineFile) });
  }
  return results;
}

/** What a repeated training tells of itself: how far all repeats are, and what went wrong. */
function progressOf(event: RunEvent, before: number, trainings: number): RunEvent | undefined {
  if (event.kind === 'warning') return event;
  if (event.kind !== 'step') return undefined;
  return { kind: 'progress', phase: 'repeats', done: before + event.step / event.steps, total: trainings };
}
