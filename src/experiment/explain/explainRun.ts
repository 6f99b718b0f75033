import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { featureNames } from '../../data/featureNames.ts';
import { classesOf } from '../../data/task.ts';
import { BadInputError, DistilleryError } from '../../errors.ts';
import { likeliest } from '../../evaluation/quality/classDecisions.ts';
import { classProbabilities } from '../../evaluation/quality/probabilities.ts';
import { elementCount } from '../../onnx/tensor.ts';
import { outputKind } from '../../teacher/outputs.ts';
import { loadNetwork, openNetwork, type NetworkFile } from '../../training/engines/networkFile.ts';
import { parseExperiment } from '../parseExperiment.ts';
import { preflight, type Prepared } from '../preflight.ts';
import { runFiles } from '../runFolder.ts';
import { correlation } from './correlation.ts';
import { integratedGradients, type Attributor } from './integratedGradients.ts';
import { occlusion } from './occlusion.ts';

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
  if (task.kind !== 'classification' || targets.kind !== 'classes' || dataset.samples.kind !== 'values') {
    throw refusal(
      `Only classifications of images and numbers are explained, not ${task.kind} of ${dataset.samples.kind}.`,
    );
  }
  const [teacher, ...others] = teachers?.members.map(({ model }) => model) ?? (await ownTeacher(folder, sampleShape));
  if (!teacher || others.length > 0) throw refusal('A run with one teacher is needed, to compare the student with.');
  const student = await loadNetwork(join(folder, runFiles.student), { sampleShape });
  const opened: OpenedNetwork[] = [];
  try {
    for (const [name, model] of [['teacher', teacher] as const, ['student', student] as const]) {
      opened.push(await openForExplanation(name, model, dataset));
    }
    const [ofTeacher, ofStudent] = opened;
    if (!ofTeacher || !ofStudent) throw new DistilleryError('INTERNAL', 'A network was not opened.');
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
      explanations.push({
        sample,
        values,
        label: targets.labels[sample] ?? -1,
        explained,
        teacher: teachers,
        student: students,
        correlation: correlation(teachers.contributions, students.contributions),
      });
    }
    return { classes: classesOf(task), sampleShape, features: featureNames(preparation), explanations };
  } finally {
    for (const network of opened) await network.dispose();
  }
}

/** The teacher that the run trained first; none where it did not. */
async function ownTeacher(folder: string, sampleShape: readonly number[]): Promise<readonly NetworkFile[]> {
  const path = join(folder, runFiles.teacher);
  const found = await stat(path).catch(() => undefined);
  return found ? [await loadNetwork(path, { sampleShape })] : [];
}

interface OpenedNetwork {
  probabilities(sample: Float32Array): Promise<Float64Array>;
  explain(sample: Float32Array, output: number): Promise<ExplainedNetwork>;
  dispose(): Promise<void>;
}

async function openForExplanation(
  name: ExplainedNetwork['name'],
  model: NetworkFile,
  { task, samples, sampleShape }: Prepared['dataset'],
): Promise<OpenedNetwork> {
  const predictor = await openNetwork(model, { device: 'cpu', samples, sampleShape, batchSize: 1 });
  const attributor =
    (await integratedGradients(model, sampleShape)) ?? (await occlusion(model, { samples, sampleShape }));
  const classes = classesOf(task).length;
  const probabilities = async (sample: Float32Array): Promise<Float64Array> => {
    const batch = new Float32Array((model.fixedBatch ?? 1) * sample.length);
    batch.set(sample);
    const outputs = ((await predictor.run(batch)).get(model.output) ?? new Float32Array(0)).slice(0, classes);
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
    dispose: async () => {
      await predictor.dispose();
      await attributor.dispose();
    },
  };
}

function refusal(message: string): BadInputError {
  return new BadInputError([{ where: 'explain', message }]);
}
