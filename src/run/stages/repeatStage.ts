import { join } from 'node:path';
import { makeFolder } from '../../platform/makeFolder.ts';
import type { DeviceName, RunEvent } from '../../protocol/events.ts';
import { isCancellation } from '../../errors.ts';
import type { SeedResult, TestQuality } from '../../report/report.ts';
import type { Run } from '../run.ts';
import { evaluateFile } from '../../evaluation/evaluateNetwork.ts';
import type { TrainingMaterial } from './featureStage.ts';
import { adoptTraining } from './adoptTraining.ts';
import { trainBaseline } from './baselineStage.ts';
import { endsWithTaught } from './guardStage.ts';
import { trainStudent } from './studentStage.ts';
import { unlessDiverged } from '../unlessDiverged.ts';
import type { Taught } from './teacherStage.ts';

/**
 * Trains the student and its baseline once more for every further seed that the experiment asks for, and judges them on the
 * test split. A seed that cannot be trained is left out with a warning. They are there to be compared and not to be shipped.
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
    try {
      const result = await unlessDiverged(
        run,
        () => repeatOnce(run, device, { material, taught, repeat }),
        (reason) => ({ where: 'repeats', message: `Seed ${seed} is left out: ${reason}` }),
      );
      if (result === 'stopped') break;
      if (!result) continue;
      results.push(result);
    } catch (error) {
      // What there is by then gets its report.
      if (isCancellation(error)) break;
      throw error;
    }
  }
  return results;
}

/** What a repeat is made from. */
interface Repeat {
  readonly material: TrainingMaterial;
  readonly taught: Taught | undefined;
  /** Counted from 1; the run itself is 0. */
  readonly repeat: number;
}

/**
 * @returns 'stopped' when the run was
 * @throws DistilleryError `CANCELLED` when it was stopped while nothing was trained
 */
async function repeatOnce(
  run: Run,
  device: DeviceName,
  { material, taught, repeat }: Repeat,
): Promise<SeedResult | 'stopped'> {
  const { experiment, folder } = run;
  const seed = experiment.training.seed + repeat;
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
  const files = {
    student: join(folder.file('repeats'), `student-${seed}.onnx`),
    baseline: join(folder.file('repeats'), `baseline-${seed}.onnx`),
  };
  await adoptTraining(run, files.student);
  const trained = await trainStudent(repeated('student'), device, material, taught, files.student);
  if (trained.endedBy === 'stopped') return 'stopped';
  const student = await judge(run, files.student);
  if (!withBaseline) return { seed, student, baseline: null };
  await adoptTraining(run, files.baseline);
  const alone = await trainBaseline(repeated('baseline'), device, material, taught, files);
  if (alone?.endedBy === 'stopped') return 'stopped';
  const baseline = alone ? await judge(run, files.baseline) : null;
  // Where the run chooses by itself, it ends with the better of both for every seed.
  const isGivenUp = baseline !== null && run.journal.choice && !(await endsWithTaught(run, taught, files));
  return { seed, student: isGivenUp ? baseline : student, baseline };
}

/** @throws DistilleryError `CANCELLED` when the run is stopped */
async function judge({ prepared, signal }: Run, file: string): Promise<TestQuality> {
  const options = { signal, onProgress: () => undefined };
  const { accuracy, errors, loss } = (await evaluateFile('student', file, prepared.dataset, options)).metrics;
  return { accuracy, errors, loss };
}

/** What a repeated training tells of itself: how far all repeats are, and what went wrong. */
function progressOf(event: RunEvent, before: number, trainings: number): RunEvent | undefined {
  if (event.kind === 'warning') return event;
  if (event.kind !== 'step') return undefined;
  return { kind: 'progress', phase: 'repeats', done: before + event.step / event.steps, total: trainings };
}
