import { isCancellation } from '../errors.ts';
import type { DeviceName } from '../protocol/events.ts';
import type { Run } from './run.ts';
import { announceDevice } from './announceDevice.ts';
import { SessionShelf } from '../training/engines/sessionShelf.ts';
import { examineDatasetDuringRun } from './examineDatasetDuringRun.ts';
import type { OwnedMaterial, TrainingMaterial } from './stages/featureStage.ts';
import { crossFitTeacher } from './stages/crossFitting/crossFitTeacher.ts';
import { enlargeStage } from './stages/enlarge/enlargeStage.ts';
import { rateStage } from './stages/rate/rateStage.ts';
import { rawInputStage } from './stages/rawInputStage.ts';
import { importanceStage } from './stages/importanceStage.ts';
import { evaluateNetworks, type Evaluation } from './measures/evaluateNetworks.ts';
import { writeReport } from './stages/reportStage.ts';
import type { EvaluatedVariant } from './measures/evaluateVariant.ts';
import { guardStage, withLabelsAlone } from './stages/guardStage.ts';
import type { Teachers } from '../teacher/teach.ts';
import { prunedStage } from './stages/variants/prunedStage.ts';
import { quantizeStage } from './stages/variants/quantizeStage.ts';
import { foldStage } from './stages/foldStage.ts';
import { repeatStage } from './stages/repeatStage.ts';
import { noteInputs } from './runInputs.ts';
import type { RunResult } from './runResult.ts';
import { objectiveStage } from './stages/trials/objectiveStage.ts';
import { judgeOnTraining } from './measures/judgeOnTraining.ts';
import { decisionTreeStage } from './stages/decisionTreeStage.ts';
import { teachAtSite } from './stages/sites/teachAtSite.ts';
import { softTreeStage } from './stages/softTreeStage.ts';
import { tellLateFindings } from './tellLateFindings.ts';
import { trainBaseline } from './stages/baselineStage.ts';
import { studentMaterial, trainStudent } from './stages/studentStage.ts';
import { unlessDiverged } from './unlessDiverged.ts';
import type { FinishedTraining } from '../runFolder/checkpointFolder.ts';
import { obtainTeachers, teachStage, type Taught } from './stages/teacherStage.ts';

/**
 * The stages of a run: device, teacher, first steps (learning rate, more samples), the teacher's outputs (of samples
 * that it has learned, those of others), objective, student, evaluation,
 * baseline, the better of both, repeats, folds, report. Returns as soon as a stage was stopped.
 */
export async function runStages(recorded: Run): Promise<RunResult> {
  const ended = new AbortController();
  const sessions = new SessionShelf();
  const begun: Run = { ...recorded, sessions };
  try {
    tellLateFindings(begun, begun.prepared.dataset);
    examineDatasetDuringRun(begun, ended.signal);
    const device = await announceDevice(begun);
    await noteInputs(begun);
    const { part } = begun.shared ?? {};
    if (part?.kind === 'site') {
      await teachAtSite(begun, device, part.site);
      return { state: 'cancelled' };
    }
    const teachers = await obtainTeachers(begun, device);
    const prunable: Run = { ...begun, importance: await importanceStage(begun, teachers) };
    const { run: rated, learned } = await rateStage(prunable, device, teachers);
    const enlarged = await enlargeStage(rated, device, teachers, learned);
    const crossFitted =
      teachers && (await crossFitTeacher(enlarged, device, teachers, enlarged.folder.file('teacher')));
    const taught = teachers && (await teachStage(enlarged, teachers, device, crossFitted));
    let features: OwnedMaterial | undefined;
    try {
      features = await studentMaterial(enlarged, device);
      const { material } = features;
      const { run, choice } = await objectiveStage(enlarged, device, material, taught);
      if (part?.kind === 'repeat') {
        await repeatStage(run, device, material, taught);
        return { state: 'cancelled' };
      }
      const trained = await trainStudent(run, device, material, taught, run.folder.file('student'));
      if (trained.endedBy === 'stopped') return { state: 'cancelled' };
      // Evaluated before the baseline, so that stopping the baseline leaves a report at once.
      const isGivenUp = choice?.reason === 'taught-no-better';
      const first = await describeStudent(isGivenUp ? withLabelsAlone(run) : run, device, teachers, taught);
      const baseline =
        taught && run.experiment.baseline ? await baselineBeside(run, device, material, taught) : undefined;
      const guarded = await guardStage(run, device, material, taught, { choice, student: trained, baseline });
      const {
        networks: evaluated,
        comparison,
        variants,
      } = guarded.isReplaced ? await describeStudent(guarded.run, device, teachers, taught) : first;
      const repeats = baseline?.endedBy === 'stopped' ? [] : await repeatStage(run, device, material, taught);
      const isStopped = (): boolean => begun.signal.aborted || baseline?.endedBy === 'stopped';
      const folds = isStopped() ? null : await foldStage(run, device, taught?.crossFitted);
      const teachingSeconds = taught?.seconds ?? 0;
      const report = await writeReport(guarded.run, {
        device,
        evaluated,
        comparison,
        variants,
        student: guarded.student,
        baseline,
        repeats,
        folds,
        isStopped: isStopped(),
        teachingSeconds,
        crossFitted: taught?.crossFitted ?? null,
        choice: guarded.choice,
        onTraining: await judgeOnTraining(run),
        sites: teachers?.said?.report ?? null,
      });
      return { state: report.partial ? 'cancelled' : 'finished', report };
    } finally {
      await features?.dispose();
      await taught?.dispose();
    }
  } catch (error) {
    if (isCancellation(error)) return { state: 'cancelled' };
    throw error;
  } finally {
    ended.abort();
    await sessions.dispose();
  }
}

/** The same student without the teacher; undefined where there are no labels, or it cannot be trained. */
function baselineBeside(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught,
): Promise<FinishedTraining | undefined> {
  const files = { student: run.folder.file('student'), baseline: run.folder.file('baseline') };
  return unlessDiverged(
    run,
    () => trainBaseline(run, device, material, taught, files),
    (reason) => ({ where: 'baseline', message: `The student without the teacher is left out: ${reason}` }),
  );
}

/** Judges the written student and makes of it what the experiment asks for. */
async function describeStudent(
  run: Run,
  device: DeviceName,
  teachers: Teachers | undefined,
  taught: Taught | undefined,
): Promise<Evaluation & { readonly variants: readonly EvaluatedVariant[] }> {
  const { networks, comparison } = await evaluateNetworks(run, teachers);
  await softTreeStage(run);
  await decisionTreeStage(run);
  await rawInputStage(run);
  const pruned = await prunedStage(run, teachers, networks);
  return {
    networks,
    comparison,
    variants: [...pruned, ...(await quantizeStage(run, networks, { device, taught }))],
  };
}
