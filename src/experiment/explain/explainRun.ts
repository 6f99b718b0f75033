import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { featureNames } from '../../data/featureNames.ts';
import { tokenWords } from '../../data/text/tokenWords.ts';
import { classesOf, type Task } from '../../data/task.ts';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { likeliest } from '../../evaluation/quality/classDecisions.ts';
import { classProbabilities } from '../../evaluation/quality/probabilities.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { outputKind } from '../../teacher/outputs.ts';
import { loadNetwork } from '../../training/engines/networkFile.ts';
import type { Members } from '../evaluateStage.ts';
import { parseExperiment } from '../parseExperiment.ts';
import { preflight, type Prepared } from '../preflight.ts';
import { runFiles } from '../runFolder.ts';
import { correlation } from './correlation.ts';
import { integratedGradients, type Attributor } from './integratedGradients.ts';
import { occlusion } from './occlusion.ts';
import { openSpeaker, type Speaker } from './speaker.ts';

/** What one network says of a sample, and why. */
export interface ExplainedNetwork {
  readonly name: 'teacher' | 'student';
  readonly method: Attributor['method'];
  /** In class order. */
  readonly probabilities: readonly number[];
  /** What every number of the sample contributes to the explained class. */
  readonly contributions: Float32Array;
}

/** Why teacher and student decide as they do on one test sample. */
export interface Explanation {
  readonly sample: number;
  /** The sample as networks are fed it. */
  readonly values: Float32Array;
  /** What the tokens of a text stand for; undefined for other samples. */
  readonly words: readonly string[] | undefined;
  /** Index of the sample's class. */
  readonly label: number;
  /** Index of the class that is explained: the one that the teacher chooses. */
  readonly explained: number;
  readonly teacher: ExplainedNetwork;
  readonly student: ExplainedNetwork;
  /** Of the contributions in teacher and student; null where one has none. */
  readonly correlation: number | null;
}

/** Explanations of samples, with what is needed to show them. */
export interface ExplainedRun {
  readonly classes: readonly string[];
  readonly sampleShape: readonly number[];
  /** Names of the numbers of a sample, where the data have them. */
  readonly features: readonly string[] | undefined;
  readonly explanations: readonly Explanation[];
}

export interface ExplainOptions {
  /** Folder that relative paths of the experiment start from. */
  readonly baseDirectory: string;
  /** Indices in the test split, of which there are `count`. */
  readonly samples: (count: number) => readonly number[];
  readonly signal: AbortSignal;
}

/**
 * Explains what the teacher and the student of a finished run say of test samples.
 * @throws BadInputError when the experiment's files are not there any more, or the task is no classification of values
 */
export async function explainRun(folder: string, options: ExplainOptions): Promise<ExplainedRun> {
  const text = await readFile(join(folder, runFiles.experiment), 'utf8').catch((cause: unknown) => {
    throw new DistilleryError('FILE_NOT_FOUND', `There is no run in '${folder}'.`, { cause });
  });
  const experiment = parseExperiment(JSON.parse(text));
  const prepared = await preflight(experiment, { ...options, onProgress: () => undefined });
  try {
    return await explainSamples(folder, prepared, options);
  } finally {
    await prepared.dataset.dispose();
  }
}

async function explainSamples(
  folder: string,
  { dataset, teachers }: Prepared,
  { samples, signal }: ExplainOptions,
): Promise<ExplainedRun> {
  const { task, test, sampleShape, preparation } = dataset;
  const { targets } = test;
  if (task.kind !== 'classification' || targets.kind !== 'classes') {
    throw refusal(`Only classifications are explained, not ${task.kind}.`);
  }
  const members = teachers?.members ?? (await ownTeacher(folder, sampleShape));
  if (members.length === 0) throw refusal('A run with a teacher is needed, to compare the student with.');
  const student = [{ model: await loadNetwork(join(folder, runFiles.student), { sampleShape }), weight: 1 }];
  const opened: { dispose(): Promise<void> }[] = [];
  try {
    const attributors = await openAttributors([members, student], dataset);
    opened.push(...attributors);
    const teacherSpeaker = await openSpeaker(members, dataset);
    opened.push(teacherSpeaker);
    const studentSpeaker = await openSpeaker(student, dataset);
    opened.push(studentSpeaker);
    const ofTeacher = explainer('teacher', teacherSpeaker, attributors[0], task);
    const ofStudent = explainer('student', studentSpeaker, attributors[1], task);
    const explanations: Explanation[] = [];
    for (const sample of samples(test.count)) {
      if (sample >= test.count) throw refusal(`There is no test sample ${sample}; the last is ${test.count - 1}.`);
      if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      const values = new Float32Array(elementCount(sampleShape));
      await test.read([sample], values);
      const said = await ofTeacher.probabilities(values);
      const explained = likeliest(said) ?? 0;
      const teachers = await ofTeacher.explain(values, explained);
      const students = await ofStudent.explain(values, explained);
      const words = tokenWords(values, preparation);
      explanations.push({
        sample,
        values,
        words,
        label: targets.labels[sample] ?? -1,
        explained,
        teacher: teachers,
        student: students,
        correlation: correlation(
          withoutPadding(teachers.contributions, words),
          withoutPadding(students.contributions, words),
        ),
      });
    }
    return { classes: classesOf(task), sampleShape, features: featureNames(preparation), explanations };
  } finally {
    for (const network of opened) await network.dispose();
  }
}

/** The teacher that the run trained first; none where it did not. */
async function ownTeacher(folder: string, sampleShape: readonly number[]): Promise<Members> {
  const path = join(folder, runFiles.teacher);
  const found = await stat(path).catch(() => undefined);
  return found ? [{ model: await loadNetwork(path, { sampleShape }), weight: 1 }] : [];
}

/**
 * What finds the contributions in teacher and student: gradients where both have them, hiding parts in both where one has not, so that
 * what is compared was found in the same way.
 */
async function openAttributors(
  [teacher, student]: readonly [Members, Members],
  dataset: Prepared['dataset'],
): Promise<readonly [Attributor, Attributor]> {
  const [one, other] = [await gradientsOf(teacher, dataset), await gradientsOf(student, dataset)];
  if (one && other) return [one, other];
  await one?.dispose();
  await other?.dispose();
  const first = await openSpeaker(teacher, dataset);
  try {
    const second = await openSpeaker(student, dataset);
    return [occlusion(first, dataset), occlusion(second, dataset)];
  } catch (error) {
    await first.dispose();
    throw error;
  }
}

/** Several networks as one have no gradient here: what they say together is mixed outside of ONNX. */
async function gradientsOf(
  [first, ...others]: Members,
  { sampleShape }: Prepared['dataset'],
): Promise<Attributor | undefined> {
  return first && others.length === 0 ? integratedGradients(first.model, sampleShape) : undefined;
}

/** What the tokens of a text contribute: padding says nothing in either network, which would make them look alike. */
function withoutPadding(contributions: Float32Array, words: readonly string[] | undefined): Float32Array {
  return words ? contributions.filter((_, index) => words[index] !== '') : contributions;
}

interface Explainer {
  probabilities(sample: Float32Array): Promise<Float64Array>;
  explain(sample: Float32Array, output: number): Promise<ExplainedNetwork>;
}

function explainer(name: ExplainedNetwork['name'], speaker: Speaker, attributor: Attributor, task: Task): Explainer {
  const classes = classesOf(task).length;
  const probabilities = async (sample: Float32Array): Promise<Float64Array> => {
    const batch = new Float32Array(speaker.batchSize * sample.length);
    batch.set(sample);
    const outputs = (await speaker.run(batch)).slice(0, classes);
    return classProbabilities(outputs, classes, outputKind(task, outputs));
  };
  return {
    probabilities,
    explain: async (sample, output) => ({
      name,
      method: attributor.method,
      probabilities: [...(await probabilities(sample))],
      contributions: await attributor.attribute(sample, output),
    }),
  };
}

function refusal(message: string): BadInputError {
  return new BadInputError([{ where: 'explain', message }]);
}
