import { DistilleryError } from '../errors.ts';
import type { DeviceName, RunEvent } from '../protocol/events.ts';
import type { ChannelImportance } from '../students/shrink/chooseChannels.ts';
import { chooseDevice } from '../training/engines/devices.ts';
import { precisionOf } from './precisionOf.ts';
import { examineBeside } from './examineBeside.ts';
import type { OwnedMaterial } from './featureStage.ts';
import type { Prepared } from './preflight.ts';
import { rawInputStage } from './rawInput.ts';
import { importanceStage } from './importanceStage.ts';
import { evaluateNetworks, writeReport } from './reportStage.ts';
import { prunedStage } from './prunedStage.ts';
import { quantizeStage } from './quantizeStage.ts';
import { repeatStage } from './repeatStage.ts';
import type { RunFolder } from './runFolder.ts';
import type { RunJournal } from './runJournal.ts';
import type { RunResult } from './runResult.ts';
import type { Experiment } from './schema.ts';
import { softTreeStage } from './softTreeStage.ts';
import { tellLateFindings } from './tellLateFindings.ts';
import { studentMaterial, trainBaseline, trainStudent } from './studentStage.ts';
import { obtainTeachers, teachStage } from './teacherStage.ts';

/** A run whose input was checked and whose folder exists. */
export interface Run {
  readonly id: string;
  readonly name: string;
  readonly experiment: Experiment;
  readonly prepared: Prepared;
  readonly folder: RunFolder;
  /** Knows what is over of a run that goes on, and keeps what is needed to go on once more. */
  readonly journal: RunJournal;
  /** How important the teacher's channels are, where the student keeps the most important ones and that was found out. */
  readonly importance?: ChannelImportance | undefined;
  readonly baseDirectory: string;
  /** Folder for outputs of teachers, unless the experiment names one. */
  readonly cacheFolder?: string | undefined;
  /** Bytes of memory that what teachers and extractors say of the samples may take; by default a share of what there is. */
  readonly memory?: number | undefined;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * The stages of a run: device, teacher, its outputs, student, baseline, evaluation, report. Returns as soon as a stage
 * was stopped.
 */
export async function distill(begun: Run): Promise<RunResult> {
  const ended = new AbortController();
  try {
    tellLateFindings(begun, begun.prepared.dataset);
    examineBeside(begun, ended.signal);
    const device = await announceDevice(begun);
    const teachers = await obtainTeachers(begun, device);
    const run: Run = { ...begun, importance: await importanceStage(begun, teachers) };
    const taught = teachers && (await teachStage(run, teachers, device));
    let features: OwnedMaterial | undefined;
    try {
      features = await studentMaterial(run, device);
      const { material } = features;
      const student = await trainStudent(run, device, material, taught, run.folder.file('student'));
      if (student.endedBy === 'stopped') return { state: 'cancelled' };
      // Evaluated before the baseline, so that stopping the baseline leaves a report at once.
      const { networks: evaluated, comparison } = await evaluateNetworks(run, teachers);
      await softTreeStage(run);
      await rawInputStage(run);
      const pruned = await prunedStage(run, teachers, evaluated);
      const variants = [...pruned, ...(await quantizeStage(run, evaluated))];
      const baseline =
        taught && run.experiment.baseline
          ? await trainBaseline(run, device, material, taught, run.folder.file('baseline'))
          : undefined;
      const repeats = baseline?.endedBy === 'stopped' ? [] : await repeatStage(run, device, material, taught);
      const teachingSeconds = taught?.seconds ?? 0;
      const report = await writeReport(run, {
        device,
        evaluated,
        comparison,
        variants,
        student,
        baseline,
        repeats,
        teachingSeconds,
      });
      return { state: report.partial ? 'cancelled' : 'finished', report };
    } finally {
      await features?.dispose();
      await taught?.dispose();
    }
  } catch (error) {
    if (error instanceof DistilleryError && error.code === 'CANCELLED') return { state: 'cancelled' };
    throw error;
  } finally {
    ended.abort();
  }
}

async function announceDevice({ experiment, journal, onEvent }: Run): Promise<DeviceName> {
  // A run that goes on does so on the device where it began, whatever else would be there by now.
  const wanted = journal.device ?? experiment.device;
  const precision = precisionOf(experiment);
  const { device, message, fellBack } =
    experiment.engine === 'tensorflow'
      ? { device: 'cpu' as const, message: 'Trains with TensorFlow on the CPU.', fellBack: false }
      : await chooseDevice(wanted, precision);
  onEvent({ kind: 'device', device, requested: experiment.device, message });
  if (fellBack) {
    onEvent({
      kind: 'warning',
      problem: { where: 'device', message: `'${wanted}' does not work here. ${message}` },
    });
  }
  if (device === 'cpu' && precision === 'float16') {
    onEvent({
      kind: 'warning',
      problem: {
        where: 'training.precision',
        message: 'On the CPU training in float16 is slower than in float32: it is computed in float32 and rounded.',
        hint: "Choose 'float32', unless this run is to show what float16 does to the result.",
      },
    });
  }
  await journal.noteDevice(device);
  return device;
}
