import { copyAtomically } from '../../platform/copyAtomically.ts';
import { tellsLittle } from '../../preflight/tellsLittle.ts';
import { parse } from 'node:path';
import { classesOf } from '../../data/task.ts';
import { truthOf } from '../../data/truth.ts';
import { scoreSamples, type Said, type SampleScores } from '../../evaluation/comparison/scoreSamples.ts';
import { evaluateFile } from '../../evaluation/evaluateNetwork.ts';
import { labelsAlone } from '../../objectives/chooseObjective.ts';
import { needsTeacher } from '../../objectives/objectiveTerm.ts';
import { shortObjective } from '../../objectives/portfolio.ts';
import type { DeviceName } from '../../protocol/events.ts';
import type { ObjectiveChoice } from '../../report/choice.ts';
import type { FinishedTraining } from '../../runFolder/checkpointFolder.ts';
import type { Run } from '../run.ts';
import type { Taught } from './teacherStage.ts';
import type { TrainingMaterial } from './featureStage.ts';
import { crossFit } from './trials/crossFit.ts';
import { advantageOf, isTaughtKept } from './trials/decide.ts';

/** The student that a run ends with. */
interface Guarded {
  /** The run with the objective that this student learned by. */
  readonly run: Run;
  readonly choice: ObjectiveChoice | null;
  readonly student: FinishedTraining;
  /** Whether the student's file is another than it was. */
  readonly isReplaced: boolean;
}

/** What was trained to its end. */
interface Trained {
  readonly choice: ObjectiveChoice | null;
  readonly student: FinishedTraining;
  /** Undefined where none is trained. */
  readonly baseline: FinishedTraining | undefined;
}

/**
 * Ends a run that chose its objective itself with the better student: where the one that was taught does not surely gain from it (see
 * `isTaughtKept`), the same one on the labels alone becomes the student. The test split has no say in it.
 *
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function guardStage(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  taught: Taught | undefined,
  trained: Trained,
): Promise<Guarded> {
  const { student, baseline } = trained;
  const { journal, folder } = run;
  if (!trained.choice || !baseline || baseline.endedBy === 'stopped') {
    return { run, choice: trained.choice, student, isReplaced: false };
  }
  const files = { student: folder.file('student'), baseline: folder.file('baseline') };
  const isDecided = trained.choice.reason === 'taught-no-better';
  const choice = isDecided
    ? trained.choice
    : await withEvidence(run, device, material, { taught, choice: trained.choice });
  if (!isDecided && (await endsWithTaught(run, taught, files))) return { run, choice, student, isReplaced: false };
  const without = withLabelsAlone(run);
  const alone = without.prepared.objective;
  const given: ObjectiveChoice = isDecided
    ? choice
    : {
        ...choice,
        chosen: shortObjective(alone),
        reason: 'taught-no-better',
        objective: alone.map((term) => ({ ...term })),
        givenUp: { objective: choice.chosen, taught: student.quality, alone: baseline.quality },
      };
  const guarded = { run: without, choice: given };
  const [name, other] = [parse(files.student).name, parse(files.baseline).name];
  // A run that was killed in between had decided, and may not have put the one in the other's place.
  if (journal.areSame(name, other)) return { ...guarded, student, isReplaced: false };
  run.onEvent({
    kind: 'phase',
    phase: 'baseline',
    message:
      choice.crossFitted === undefined
        ? 'On the validation split the student that was taught is not clearly better than on the labels alone: the run ends with the latter'
        : 'On samples that they had not seen students that were taught were not clearly better than on the labels alone: the run ends with the latter',
  });
  await journal.noteChoice(given);
  // What was trained on from the other student is made anew.
  await journal.forget(parse(folder.file('aware-int8')).name);
  await copyAtomically(files.baseline, files.student);
  const replaced = { ...baseline, seconds: student.seconds };
  await journal.finish(name, replaced, files.student);
  return { ...guarded, student: replaced, isReplaced: true };
}

/** The choice with what cross-fitting says of it, where the validation split says little. */
async function withEvidence(
  run: Run,
  device: DeviceName,
  material: TrainingMaterial,
  { taught, choice }: { readonly taught: Taught | undefined; readonly choice: ObjectiveChoice },
): Promise<ObjectiveChoice> {
  const isAsked = tellsLittle(material.validation) && run.prepared.objective.some(needsTeacher);
  if (!taught || !isAsked || choice.crossFitted) return choice;
  const crossFitted = await crossFit(run, device, material, taught);
  if (!crossFitted) return choice;
  const told = { ...choice, crossFitted };
  await run.journal.noteChoice(told);
  return told;
}

/** The run whose student learns from the labels alone. */
export function withLabelsAlone(run: Run): Run {
  return { ...run, prepared: { ...run.prepared, objective: labelsAlone(run.prepared.dataset.task.kind) } };
}

/**
 * Whether the validation split, or cross-fitting where that was done in its place, speaks for the student that was taught, rather than for the one on the labels alone.
 *
 * @param files of both, as they were written
 * @throws DistilleryError `CANCELLED` when the run is stopped
 */
export async function endsWithTaught(
  { experiment, prepared, journal, signal }: Run,
  taught: Taught | undefined,
  files: { readonly student: string; readonly baseline: string },
): Promise<boolean> {
  const { dataset, objective } = prepared;
  const { validation, sampleShape, task } = dataset;
  if (!taught || validation.count === 0 || !objective.some(needsTeacher)) return true;
  const crossFitted = journal.choice?.crossFitted;
  const knowsMore = teacherKnowsMore(experiment, prepared);
  if (crossFitted) return isTaughtKept(crossFitted.taught, crossFitted.teacher, knowsMore);
  const judged = { ...dataset, test: validation };
  const truth = await truthOf(validation, sampleShape);
  const score = (said: Said): SampleScores => scoreSamples(task, said, truth, taught.validation);
  const ofFile = async (name: 'student' | 'baseline'): Promise<SampleScores> =>
    score((await evaluateFile(name, files[name], judged, { signal, onProgress: () => undefined })).said);
  const [ofStudent, ofBaseline] = [await ofFile('student'), await ofFile('baseline')];
  const ofTeacher = score({ outputs: taught.validation, kind: 'logits' });
  const isAccuracy = classesOf(task).length > 0;
  return isTaughtKept(
    advantageOf(ofStudent, ofBaseline, isAccuracy),
    advantageOf(ofTeacher, ofBaseline, isAccuracy),
    knowsMore,
  );
}

/**
 * Whether the teacher knows more than the student's labels tell: it was trained elsewhere, or here on a whole split of which the student has a
 * part, or tells of samples without labels. Rows and texts that were made tell less than real ones, and do not count.
 */
export function teacherKnowsMore(
  { dataset: { unlabelled, limit } }: Pick<Run['experiment'], 'dataset'>,
  {
    teachers,
    dataset,
  }: Pick<Run['prepared'], 'teachers'> & { readonly dataset: { readonly training: { readonly count: number } } },
): boolean {
  const hasPart = limit !== undefined && dataset.training.count >= limit;
  return unlabelled !== undefined || teachers !== undefined || hasPart;
}
