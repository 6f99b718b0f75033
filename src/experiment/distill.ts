import { DistilleryError } from '../errors.ts';
import type { DeviceName, RunEvent } from '../protocol/events.ts';
import { chooseDevice } from '../training/engines/devices.ts';
import type { Prepared } from './preflight.ts';
import { evaluateNetworks, writeReport } from './reportStage.ts';
import type { RunFolder } from './runFolder.ts';
import type { RunResult } from './runResult.ts';
import type { Experiment } from './schema.ts';
import { softTreeStage } from './softTreeStage.ts';
import { trainBaseline, trainStudent } from './studentStage.ts';
import { obtainTeachers, teachStage } from './teacherStage.ts';

/** A run whose input was checked and whose folder exists. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly experiment: Experiment;
  readonly prepared: Prepared;
  readonly folder: RunFolder;
  readonly baseDirectory: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** A trained network and how long it took. */
interface Timed<Trained> {
  readonly trained: Trained;
  readonly seconds: number;
}

/**
 * The stages of a run: device, teacher, its outputs, student, baseline, evaluation, report. Returns as soon as a stage
 * was stopped.
 */
export async function distill(run: Run): Promise<RunResult> {
  const start = performance.now();
  try {
    const device = await announceDevice(run);
    const teachers = await obtainTeachers(run, device);
    const taught = teachers && (await teachStage(run, teachers, device));
    const student = await timed(() => trainStudent(run, device, taught));
    if (student.trained.stopped) return { state: 'cancelled' };
    // Evaluated before the baseline, so that stopping the baseline leaves a report at once.
    const evaluated = await evaluateNetworks(run, teachers);
    await softTreeStage(run);
    const baseline =
      taught && run.experiment.baseline ? await timed(() => trainBaseline(run, device, taught)) : undefined;
    const seconds = {
      teacherOutputs: taught?.seconds ?? 0,
      student: student.seconds,
      baseline: baseline?.seconds ?? 0,
    };
    const report = await writeReport(run, {
      device,
      evaluated,
      student: student.trained,
      baseline: baseline?.trained,
      seconds,
      start,
    });
    return { state: report.partial ? 'cancelled' : 'finished', report };
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'CANCELLED') return { state: 'cancelled' };
    throw error;
  }
}

async function announceDevice({ experiment, onEvent }: Run): Promise<DeviceName> {
  const { device, message, fellBack } =
    experiment.engine === 'tensorflow'
      ? { device: 'cpu' as const, message: 'Trains with TensorFlow on the CPU.', fellBack: false }
      : await chooseDevice(experiment.device);
  onEvent({ kind: 'device', device, requested: experiment.device, message });
  if (fellBack) {
    onEvent({
      kind: 'warning',
      problem: { where: 'device', message: `'${experiment.device}' does not work here. ${message}` },
    });
  }
  return device;
}

async function timed<Trained>(work: () => Promise<Trained>): Promise<Timed<Trained>> {
  const start = performance.now();
  const trained = await work();
  return { trained, seconds: (performance.now() - start) / 1000 };
}
