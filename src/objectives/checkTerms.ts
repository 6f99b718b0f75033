import type { Task } from '../data/task.ts';
import type { Problem } from '../errors.ts';
import type { Shape } from '../onnx/tensor.ts';
import { featureProblems } from './features/checkFeatures.ts';
import { needsTeacher, type ObjectiveTerm } from './objectiveTerm.ts';
import { largestOf } from './scheduledNumber.ts';

/** Kinds of tasks, as the data names them. */
export type TaskKind = Task['kind'];

/** What an objective is to be used with. */
export interface TermContext {
  readonly task: TaskKind;
  /** Number of classes, for tasks that have some. */
  readonly classes?: number | undefined;
  readonly batchSize: number;
  /** Number of teachers. */
  readonly teachers: number;
  /** Number of training samples; what depends on it is not checked without. */
  readonly samples?: number | undefined;
  /** Shapes of the networks' values by `student:NAME` and `teacher:NAME`; features are not checked without them. */
  readonly features?: ReadonlyMap<string, Shape> | undefined;
  /** Whether the student is a soft decision tree. */
  readonly softTree?: boolean | undefined;
}

/** Everything that keeps an objective from being used here: which term, why, and what would be right. */
export function checkTerms(terms: readonly ObjectiveTerm[], context: TermContext): Problem[] {
  if (context.softTree && context.task !== 'classification') {
    const message = `A soft decision tree chooses one class for a sample, and the task is ${context.task}.`;
    return [{ where: 'student.architecture', message, hint: 'Choose another architecture, such as `mlp`.' }];
  }
  const problems = terms.flatMap((term, index) => {
    const where = `objective[${index}]`;
    return [
      ...taskProblems(term, where, context),
      ...(context.softTree ? softTreeProblems(term, where) : []),
      ...teacherProblems(term, where, context),
      ...sizeProblems(term, where, context),
      ...weightProblems(term, where, context),
      ...(context.features ? featureProblems(term, where, context.features) : []),
    ];
  });
  if (terms.some((term) => largestOf(term.weight) > 0)) return problems;
  const hint = 'Give at least one term a weight above 0.';
  return [
    ...problems,
    { where: 'objective', message: 'The weights of all terms are 0: nothing would be learned.', hint },
  ];
}

/** Angles of more samples than this are worth a warning: about 17 million triplets. */
const manySamples = 256;
/** So are pairwise differences of more elements than this: half a gibibyte in float32, several times. */
const manyDifferences = 2 ** 27;

/** Terms that work but take much time or memory. */
export function costlyTerms(terms: readonly ObjectiveTerm[], { batchSize, classes, features }: TermContext): Problem[] {
  return terms.flatMap((term, index) => {
    if (term.loss !== 'rkd') return [];
    const where = `objective[${index}]`;
    const warnings: Problem[] = [];
    if (largestOf(term.angle) > 0 && batchSize > manySamples) {
      warnings.push({
        where: `${where}.angle`,
        message: `The angles of RKD compare all triplets: ${batchSize}³ with a batch of ${batchSize}.`,
        hint: `Take a batch of at most ${manySamples}, or set \`angle\` to 0.`,
      });
    }
    const shape = term.features ? features?.get(`student:${term.features.student}`)?.slice(1) : [classes ?? 1];
    const size = (shape ?? []).reduce<number>((product, axis) => product * (typeof axis === 'number' ? axis : 1), 1);
    if (batchSize ** 2 * size > manyDifferences) {
      warnings.push({
        where,
        message: `RKD holds the differences of all pairs of samples: ${batchSize}² × ${size} numbers, several times.`,
        hint: 'Take a smaller batch, or a feature with fewer elements, such as the last one before the classifier.',
      });
    }
    return warnings;
  });
}

const classified: readonly TaskKind[] = ['classification', 'token-classification'];
const anyTask: readonly TaskKind[] = [...classified, 'multi-label', 'regression', 'reconstruction', 'matching'];

/** The tasks that a loss is for. */
const tasksOf: Readonly<Record<ObjectiveTerm['loss'], readonly TaskKind[]>> = {
  kd: classified,
  'soft-cross-entropy': classified,
  'logit-mse': [...classified, 'multi-label'],
  'probability-mse': classified,
  'hard-teacher-labels': classified,
  labels: classified,
  dkd: classified,
  dist: ['classification'],
  'binary-labels': ['multi-label'],
  'binary-kd': ['multi-label'],
  mse: ['regression', 'reconstruction'],
  'teacher-mse': ['regression', 'reconstruction', 'matching'],
  hint: anyTask,
  cosine: anyTask,
  'channel-wise': anyTask,
  contrastive: anyTask,
  'queue-similarity': anyTask,
  'attention-transfer': anyTask,
  rkd: anyTask,
};

/** What to use instead, by task. */
const usual: Readonly<Record<TaskKind, string>> = {
  classification: 'Use `labels` and `kd`, `dkd` or `dist`.',
  'token-classification': 'Use `labels` and `kd` or `dkd`.',
  'multi-label': 'Use `binary-labels` and `binary-kd`.',
  regression: 'Use `mse` and `teacher-mse`.',
  reconstruction: 'Use `mse` and `teacher-mse`.',
  matching: 'Use `teacher-mse`.',
};

function taskProblems(term: ObjectiveTerm, where: string, { task }: TermContext): Problem[] {
  const allowed = tasksOf[term.loss];
  if (!allowed.includes(task)) {
    const message = `The loss '${term.loss}' is for ${allowed.join(' and ')}, and the task is ${task}.`;
    return [{ where: `${where}.loss`, message, hint: usual[task] }];
  }
  if (term.loss === 'teacher-mse' && term.bounded && task === 'matching') {
    const message = 'A bound compares errors against labels, and matching has no labels.';
    return [{ where: `${where}.bounded`, message, hint: 'Leave `bounded` out.' }];
  }
  if (term.loss === 'kd' && term.target === 'hard' && (term.divergence ?? 'forward') !== 'forward') {
    const message = `The divergence '${term.divergence ?? ''}' from a target that is one class alone is infinite or says nothing more.`;
    return [{ where: `${where}.divergence`, message, hint: "Use 'forward', or the target 'soft'." }];
  }
  if (term.loss === 'rkd' && !term.features && task === 'token-classification') {
    const message = 'RKD compares samples, but the outputs here are one row for every token.';
    return [
      { where: `${where}.features`, message, hint: 'Name features of the networks, such as their last hidden states.' },
    ];
  }
  return [];
}

/** Weights of classes that are all 0, or not as many as the classes. */
function weightProblems(term: ObjectiveTerm, where: string, { classes }: TermContext): Problem[] {
  if (!('classWeights' in term) || typeof term.classWeights !== 'object') return [];
  if (term.classWeights.each.every((weight) => weight === 0)) {
    const message = 'The weights of all classes are 0: nothing would be learned from the labels.';
    return [
      { where: `${where}.classWeights`, message, hint: "Give at least one class a weight above 0, or 'balanced'." },
    ];
  }
  const given = term.classWeights.each.length;
  if (classes === undefined || given === classes) return [];
  const message = `There are ${given} weights for ${classes} classes.`;
  return [{ where: `${where}.classWeights`, message, hint: "Give one for every class, or 'balanced'." }];
}

/** The leaves of a soft decision tree hold distributions, and learn from distributions only. */
function softTreeProblems(term: ObjectiveTerm, where: string): Problem[] {
  const { loss } = term;
  const emphasised = (['focal', 'classWeights', 'divergence'] as const).find(
    (field) =>
      field in term &&
      Object.entries(term).some(
        ([name, value]) =>
          name === field && value !== undefined && value !== 0 && value !== 'forward' && value !== 'none',
      ),
  );
  if (emphasised) {
    const message = `A soft decision tree learns from the cross-entropy of each leaf, which has no \`${emphasised}\`.`;
    return [{ where: `${where}.${emphasised}`, message, hint: `Leave \`${emphasised}\` out.` }];
  }
  if (loss === 'labels' || loss === 'hard-teacher-labels') return [];
  if (loss === 'kd' || loss === 'soft-cross-entropy') {
    if (!term.standardize) return [];
    const message = 'The leaves of a soft decision tree hold probabilities, which cannot be standardised as logits.';
    return [{ where: `${where}.standardize`, message, hint: 'Leave `standardize` out.' }];
  }
  const message = `A soft decision tree learns from distributions over the classes; the loss '${loss}' has none.`;
  const hint = 'Use `labels`, `kd`, `soft-cross-entropy` or `hard-teacher-labels`.';
  return [{ where: `${where}.loss`, message, hint }];
}

function teacherProblems(term: ObjectiveTerm, where: string, { teachers }: TermContext): Problem[] {
  if (!needsTeacher(term) || teachers > 0) return [];
  const message = `The loss '${term.loss}' compares the student with a teacher, and there is none.`;
  return [{ where: `${where}.loss`, message, hint: 'Name a `teacher`, or remove the term.' }];
}

/** Terms that mean nothing with so few classes or samples. */
function sizeProblems(term: ObjectiveTerm, where: string, context: TermContext): Problem[] {
  const { classes, batchSize, samples = Infinity } = context;
  const needsBatch = (least: number, reason: string): Problem[] =>
    batchSize >= least
      ? []
      : [
          {
            where: 'training.batchSize',
            message: `The loss '${term.loss}' ${reason}: a batch of ${batchSize} is too small.`,
            hint: `Take a batch of at least ${least}, better of 32 or more.`,
          },
        ];
  if (term.loss === 'dist' && largestOf(term.gamma) > 0) return needsBatch(2, 'correlates samples within each class');
  if (term.loss === 'contrastive' && term.queue === undefined) {
    return needsBatch(2, 'tells a sample from the others of its batch');
  }
  if (term.loss === 'contrastive' && (term.queue ?? 0) + batchSize > samples) {
    const message = `A queue of ${term.queue ?? 0} features often holds the very sample that is to be told from it: there are ${samples} training samples, in batches of ${batchSize}.`;
    const hint = `Take a \`queue\` of at most ${Math.max(1, Math.floor(samples / 4))}, or the loss 'queue-similarity'.`;
    return [{ where: `${where}.queue`, message, hint }];
  }
  if (term.loss === 'rkd')
    return needsBatch(3, 'compares relations among samples, which are alike for fewer than three');
  if (term.loss !== 'dkd' || classes === undefined || classes >= 3) return [];
  return [
    {
      where: `${where}.loss`,
      message: `DKD compares the classes that are not the label, and of ${classes} classes there is only one.`,
      hint: 'DKD needs at least three classes; use `kd`, which with two classes is all there is to imitate.',
    },
  ];
}
