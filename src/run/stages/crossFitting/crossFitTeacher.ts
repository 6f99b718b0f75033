import { join, parse } from 'node:path';
import { randomStream } from '../../../data/random.ts';
import { selectSamples } from '../../../data/samples/selectSamples.ts';
import { strataOf } from '../../../data/targets.ts';
import { divideFold } from '../../../data/splits/divideFold.ts';
import type { Dataset } from '../../../data/dataset.ts';
import { hasDiverged } from '../../../errors.ts';
import { evaluateOnTest } from '../../../evaluation/evaluateNetwork.ts';
import { measureOutputs } from '../../../evaluation/measureOutputs.ts';
import { truthOf } from '../../../data/truth.ts';
import { elementCount } from '../../../onnx/tensor.ts';
import type { Split } from '../../../data/samples/split.ts';
import type { Quality } from '../../../report/quality.ts';
import type { Teachers } from '../../../teacher/teach.ts';
import { learnsByHeart } from '../enlarge/planEnlargement.ts';
import { makeFolder } from '../../../platform/makeFolder.ts';
import type { DeviceName } from '../../../protocol/events.ts';
import type { CrossFitted } from '../../../teacher/crossFittedTeaching.ts';
import { asLogits } from '../../../teacher/outputKind.ts';
import type { Run } from '../../run.ts';
import { trainTeacher } from '../trainTeacher.ts';
import { planCrossFitting, type CrossFittingPlan } from './planCrossFitting.ts';

/**
 * How much more often a teacher is right on what it has learned, for others to teach that in its place. Where it is less, students learned more
 * from its own outputs.
 */
const LEAST_LEAD = 0.1;
/** So many training samples tell whether a teacher has learned them by heart. */
const MOST_ASKED = 2000;

/**
 * Trains the teacher once more for each part of the training samples, without it, and asks it about that part: cross-fitting (Dao et al.,
 * arXiv 2104.09732). Each is trained as the teacher was. Trainings that are over are not repeated by a run that goes on.
 *
 * @param file of the teacher; the others lie among the run's repeats, called after it
 * @returns undefined where the one teacher tells of all samples: see `planCrossFitting`, and where nobody asked for others and it has not learned
 *   the samples by heart, or one of the others cannot be trained
 * @throws DistilleryError `CANCELLED` when the run is stopped, `DIVERGED` when one of the others that somebody asked for cannot be trained
 */
export async function crossFitTeacher(
  run: Run,
  device: DeviceName,
  teachers: Teachers,
  file: string,
): Promise<CrossFitted | undefined> {
  const plan = planCrossFitting(run, teachers);
  if (!plan) return undefined;
  if (!plan.isNamed && !(await hasLearnedByHeart(run, teachers))) return undefined;
  try {
    return await askOthers(run, device, plan, file);
  } catch (error) {
    if (plan.isNamed || !hasDiverged(error)) throw error;
    run.onEvent({ kind: 'note', message: `The one teacher tells the student of all samples: ${error.message}` });
    return undefined;
  }
}

/** Whether the teachers do so much better on what they have learned than on other samples that what they say of it is hardly more than its labels. */
async function hasLearnedByHeart({ prepared, signal }: Run, { members }: Teachers): Promise<boolean> {
  const { dataset } = prepared;
  const { training, validation } = dataset;
  const judge = async (test: Split): Promise<Quality> => {
    const options = { signal, onProgress: () => undefined };
    return (await evaluateOnTest('teacher', members, { ...dataset, test }, options)).metrics;
  };
  // Samples of a table may be in any order, so that its first ones may be of one class.
  const step = Math.ceil(training.count / MOST_ASKED);
  const some = Int32Array.from({ length: Math.floor(training.count / step) }, (_, index) => index * step);
  return learnsByHeart(
    await judge(selectSamples(training, some)),
    await judge(validation),
    validation.count,
    LEAST_LEAD,
  );
}

async function askOthers(
  run: Run,
  device: DeviceName,
  { teacher, parts }: CrossFittingPlan,
  file: string,
): Promise<CrossFitted> {
  const { prepared, experiment, folder, signal } = run;
  const { outputShape } = prepared;
  const dataset: Dataset = { ...prepared.dataset, unlabelled: undefined };
  const { training, task } = dataset;
  run.onEvent({
    kind: 'phase',
    phase: 'teacher-outputs',
    message: `Trains ${parts} more teachers, each without a part of the samples, which it then tells the student of (teacher.crossFit)`,
  });
  await makeFolder(folder.file('repeats'));
  const width = elementCount(outputShape);
  const logits = new Float32Array(training.count * width);
  for (let index = 0; index < parts; index++) {
    const { test, rest } = divideParts(dataset, experiment.training.seed, { index, count: parts });
    // Of a few samples some parts may be empty.
    if (test.length === 0) continue;
    const part = join(folder.file('repeats'), `${parse(file).name}-without-${index + 1}.onnx`);
    const model = await trainTeacher(toldAs(run, index, parts), device, {
      teacher,
      dataset: { ...dataset, training: selectSamples(training, rest) },
      file: part,
    });
    const members = [{ model, weight: 1 }];
    const asked = { ...dataset, test: selectSamples(training, test) };
    const { said } = await evaluateOnTest('teacher', members, asked, { signal, onProgress: () => undefined });
    const rows = asLogits(task, said.outputs, said.kind);
    test.forEach((sample, row) => {
      logits.set(rows.subarray(row * width, (row + 1) * width), sample * width);
    });
  }
  const truth = await truthOf(training, dataset.sampleShape);
  const { accuracy, loss } = measureOutputs(task, logits, truth, { outputs: 'logits', teacherOutputs: logits });
  return { logits, count: training.count, told: { parts, accuracy, loss } };
}

/** The samples of a part, and all others; each class is spread evenly over the parts. */
function divideParts(
  { training: { targets, count } }: Dataset,
  seed: number,
  part: { readonly index: number; readonly count: number },
): ReturnType<typeof divideFold> {
  return divideFold({ strata: strataOf(targets, count) }, part, randomStream(seed, 'cross-fitting'));
}

/** The run with a training told as a part of what is done before the student is taught. */
function toldAs(run: Run, index: number, parts: number): Run {
  return {
    ...run,
    onEvent: (event) => {
      if (event.kind === 'warning') run.onEvent(event);
      if (event.kind !== 'step') return;
      run.onEvent({
        kind: 'progress',
        phase: 'teacher-outputs',
        done: index + event.step / event.steps,
        total: parts,
      });
    },
  };
}
