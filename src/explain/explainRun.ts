import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { featureNames } from '../data/featureNames.ts';
import { classesOf } from '../data/task.ts';
import { tokenWords } from '../data/formats/texts/tokenWords.ts';
import { BadInputError, DistilleryError } from '../errors.ts';
import { elementCount } from '../onnx/tensor.ts';
import type { Attention } from '../report/report.ts';
import { withBothClasses } from '../teacher/matching/bothClasses.ts';
import { loadNetwork } from '../training/engines/networkFile.ts';
import type { Members } from '../evaluation/evaluateNetwork.ts';
import { parseExperiment } from '../experiment/parseExperiment.ts';
import { preflight } from '../preflight/preflight.ts';
import type { Prepared } from '../preflight/prepared.ts';
import { runFiles } from '../runFolder/runFolder.ts';
import { compareReasons } from './compareReasons.ts';
import { describeTruth } from './describeTruth.ts';
import { chooseOutput, tell, type OutputWish } from './explainedOutput.ts';
import { openExplainers, type Explainer } from './explainers.ts';

/** What one network says of a sample, and why. */
export interface ExplainedNetwork {
  /** Probabilities of the classes, or predicted numbers in their own units, as `ExplainedRun.told` names them. */
  readonly says: readonly number[];
  /** What every number of the sample contributes to what is explained. */
  readonly contributions: Float32Array;
}

/** Why teacher and student say what they do of one test sample. */
export interface Explanation {
  readonly sample: number;
  /** The sample as networks are fed it. */
  readonly values: Float32Array;
  /** What the tokens of a text stand for; undefined for other samples. */
  readonly words: readonly string[] | undefined;
  /** What the sample is labelled with, in words; null where there are no labels. */
  readonly truth: readonly string[] | null;
  /** What is explained, such as the name of a class. */
  readonly explained: string;
  readonly teacher: ExplainedNetwork;
  readonly student: ExplainedNetwork;
  /** Of the contributions in teacher and student; null where one has none. */
  readonly correlation: number | null;
}

/** Explanations of samples, with what is needed to show them. */
export interface ExplainedRun {
  /** What is told of the networks' outputs. */
  readonly told: { readonly kind: 'probabilities' | 'numbers'; readonly names: readonly string[] };
  readonly method: Attention['method'];
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
  readonly wish: OutputWish;
  readonly signal: AbortSignal;
}

/**
 * Explains what the teacher and the student of a finished run say of test samples.
 * @throws BadInputError when the experiment's files are not there any more, there is no teacher, or no such sample or output
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
  { samples, wish, signal }: ExplainOptions,
): Promise<ExplainedRun> {
  const { task, test, samples: kind, sampleShape, preparation } = dataset;
  const read = async (file: string): Promise<Members> => {
    const model = withBothClasses(
      await loadNetwork(join(folder, file), { samples: kind, sampleShape }),
      task,
      sampleShape,
    );
    return [{ model, weight: 1 }];
  };
  const members = teachers?.members ?? ((await hasOwnTeacher(folder)) ? await read(runFiles.teacher) : []);
  if (members.length === 0) throw refusal('A run with a teacher is needed, to compare the student with.');
  const explainers = await openExplainers([members, await read(runFiles.student)], dataset);
  try {
    const [ofTeacher, ofStudent] = explainers.networks;
    if (!ofTeacher || !ofStudent) throw new DistilleryError('INTERNAL', 'Teacher and student were not opened.');
    const explanations: Explanation[] = [];
    for (const sample of samples(test.count)) {
      if (sample >= test.count) throw refusal(`There is no test sample ${sample}; the last is ${test.count - 1}.`);
      if (signal.aborted) throw new DistilleryError('CANCELLED', 'Stopped.');
      const values = new Float32Array(elementCount(sampleShape));
      await test.read([sample], values);
      const explained = chooseOutput(dataset, { outputs: await ofTeacher.say(values), sample }, wish);
      const explain = async (explainer: Explainer): Promise<ExplainedNetwork> => ({
        says: tell(dataset, await explainer.say(values), explained),
        contributions: await explainer.attribute(values, explained.weights),
      });
      const [teacher, distilled] = [await explain(ofTeacher), await explain(ofStudent)];
      explanations.push({
        sample,
        values,
        words: tokenWords(values, preparation),
        truth: describeTruth(dataset, sample, explained),
        explained: explained.name,
        teacher,
        student: distilled,
        correlation: compareReasons([teacher.contributions, distilled.contributions], values, preparation),
      });
    }
    const classes = classesOf(task);
    const numbers =
      task.kind === 'regression' ? task.targets : explanations.slice(0, 1).map(({ explained }) => explained);
    return {
      told: classes.length > 0 ? { kind: 'probabilities', names: classes } : { kind: 'numbers', names: numbers },
      method: explainers.method,
      sampleShape,
      features: featureNames(preparation),
      explanations,
    };
  } finally {
    await explainers.dispose();
  }
}

/** Whether the run trained its teacher first. */
async function hasOwnTeacher(folder: string): Promise<boolean> {
  return (await stat(join(folder, runFiles.teacher)).catch(() => undefined)) !== undefined;
}

function refusal(message: string): BadInputError {
  return new BadInputError([{ where: 'explain', message }]);
}
