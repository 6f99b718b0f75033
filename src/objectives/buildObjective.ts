import { formula, type Operand } from '../autodiff/formula.ts';
import { reshape } from '../autodiff/layout.ts';
import { DistilleryError } from '../errors.ts';
import { dimensionsOf, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { buildAttentionTransfer } from './losses/attentionTransfer.ts';
import { buildBinaryKdLoss } from './losses/binaryKd.ts';
import { buildBinaryLabelsLoss } from './losses/binaryLabels.ts';
import { buildChannelWiseLoss } from './losses/channelWise.ts';
import { buildContrastiveLoss } from './losses/contrastive.ts';
import { buildCosineLoss } from './losses/cosine.ts';
import { buildDistLoss } from './losses/dist.ts';
import { buildDivergenceLoss } from './losses/divergence.ts';
import { buildDkdLoss } from './losses/dkd.ts';
import { emphasisOf } from './emphasis.ts';
import { regressorsOf } from './features/appendRegressor.ts';
import { FeatureQueue, type CarriedState } from './features/featureQueue.ts';
import { poolToVectors } from './features/poolToVectors.ts';
import { buildHintLoss } from './losses/hint.ts';
import { buildKdLoss } from './losses/kd.ts';
import { buildLabelsLoss, smoothLabels } from './losses/labels.ts';
import { buildLogitMse } from './losses/logitMse.ts';
import { buildMse } from './losses/mse.ts';
import { targetName, termNames, type FeaturePair, type ObjectiveTerm, type Target } from './objectiveTerm.ts';
import { normalizeAlong } from './normalizeAlong.ts';
import { buildProbabilityMse } from './losses/probabilityMse.ts';
import { buildQueueSimilarityLoss } from './losses/queueSimilarity.ts';
import { buildRkdLoss } from './losses/rkd.ts';
import { scalarName } from './scalars.ts';
import type { Scheduled } from './scheduledNumber.ts';
import { buildSoftCrossEntropy } from './losses/softCrossEntropy.ts';
import { buildBalancePenalty, buildSoftTreeLoss, type SoftTree } from './losses/softTree.ts';
import type { Softening } from './softening.ts';
import {
  averageOutputs,
  hardTarget,
  softTarget,
  type TargetDistribution,
  type WeightedTeacher,
} from './teacherDistribution.ts';
import { buildTeacherMse } from './losses/teacherMse.ts';

/** What the terms look at. */
export interface ObjectiveInputs {
  /** Logits [N, C], where N counts samples, or samples times tokens; outputs [B, …] for regression and matching. */
  readonly student: Value;
  /** Outputs of every teacher, of the student's shape; the weights sum to 1. Empty when no term needs a teacher. */
  readonly teachers: readonly WeightedTeacher[];
  /** Targets that were prepared from the teachers' outputs, by `targetName`: logits [N, C]. */
  readonly targets?: ReadonlyMap<string, Value>;
  /** Distributions [N, C], 0/1 per class for multi-label tasks, values for regression; absent for matching. */
  readonly labels?: Value;
  /** [N], 1 where a row counts: rows of token classification without a label do not. */
  readonly rowWeights?: Value;
  /** [N], 1 where a row has labels; all that count have when left out. */
  readonly labelWeights?: Value;
  /** [B, L], 1 at tokens and 0 at padding: positions of token features that count. */
  readonly tokens?: Value;
  /** The graph input [1] of a scheduled weight or temperature; the same value for the same name. */
  readonly scalars: (name: string) => Value;
  /** Features by `student:NAME` and `teacher:NAME`, regressed ones by `student:regressor.0` (see `regressorsOf`). */
  readonly features: ReadonlyMap<string, Value>;
  /** The student as a soft decision tree, whose leaves then learn each on its own; see `softTree.ts`. */
  readonly softTree?: SoftTree;
}

/** The weighted sum of all terms, and each term's own value, unweighted, by name. */
export interface Objective {
  readonly total: Value;
  readonly terms: ReadonlyMap<string, Value>;
  /** What terms keep from one step to the next; its inputs are in the graph. */
  readonly states: readonly CarriedState[];
}

/**
 * Builds every term of the objective and their weighted sum. A soft decision tree has the term `balance` beside those of the
 * objective.
 * @throws DistilleryError when a term lacks what it looks at, which `checkTerms` finds beforehand
 */
export function buildObjective(graph: Graph, terms: readonly ObjectiveTerm[], inputs: ObjectiveInputs): Objective {
  const { add, mul } = formula(graph);
  const names = termNames(terms);
  const regressors = regressorsOf(terms);
  const built = new Map<string, Value>();
  const states: CarriedState[] = [];
  let total: Value | undefined;
  terms.forEach((term, index) => {
    const name = names[index] ?? '';
    const scope = new TermScope(graph, inputs, name, regressors.find((regressor) => regressor.term === index)?.name);
    const loss = inputs.softTree
      ? buildSoftTreeLoss(
          graph,
          inputs.softTree,
          softTreeTarget(graph, term, scope),
          term.loss === 'labels' ? inputs.labelWeights : undefined,
        )
      : buildTerm(graph, term, scope);
    built.set(name, loss);
    states.push(...scope.states);
    const weight = scope.scheduled('weight', term.weight);
    const weighted = weight === 1 ? loss : mul(loss, weight);
    total = total ? add(total, weighted) : weighted;
  });
  if (!total) throw new DistilleryError('INTERNAL', 'An objective needs at least one term.');
  if (inputs.softTree && inputs.softTree.penalty > 0) {
    const balance = buildBalancePenalty(graph, inputs.softTree.leafLogProbabilities);
    built.set('balance', balance);
    total = add(total, mul(balance, inputs.softTree.penalty));
  }
  return { total, terms: built, states };
}

function buildTerm(graph: Graph, term: ObjectiveTerm, scope: TermScope): Value {
  const { student, teachers, rowWeights, tokens } = scope.inputs;
  const labelled = scope.inputs.labelWeights ?? rowWeights;
  switch (term.loss) {
    case 'kd': {
      const softening = scope.softening(term);
      const target = scope.target(term.target, softening);
      const { divergence: kind = 'forward', beta = 0.5 } = term;
      if (kind === 'forward' || !target.logProbabilities) {
        return buildKdLoss(graph, student, target, softening, rowWeights);
      }
      return buildDivergenceLoss(graph, student, target.logProbabilities, { ...softening, kind, beta }, rowWeights);
    }
    case 'soft-cross-entropy': {
      const softening = scope.softening(term);
      return buildSoftCrossEntropy(graph, student, scope.target(term.target, softening), softening, rowWeights);
    }
    case 'logit-mse':
      return buildLogitMse(graph, student, averageOutputs(graph, teachers), rowWeights);
    case 'probability-mse':
      return buildProbabilityMse(graph, student, softTarget(graph, teachers, plain), rowWeights);
    case 'hard-teacher-labels':
      return buildSoftCrossEntropy(graph, student, hardTarget(graph, teachers), plain, rowWeights);
    case 'labels':
      return buildLabelsLoss(graph, student, scope.labels(), term.smoothing, labelled, emphasisOf(term));
    case 'dkd':
      return buildDkdLoss(graph, {
        ...scope.softening(term),
        student,
        teachers,
        labels: scope.labels(),
        alpha: scope.scheduled('alpha', term.alpha),
        beta: scope.scheduled('beta', term.beta),
        rowWeights: labelled,
      });
    case 'dist':
      return buildDistLoss(graph, {
        student,
        teachers,
        temperature: scope.scheduled('temperature', term.temperature),
        beta: scope.scheduled('beta', term.beta),
        gamma: scope.scheduled('gamma', term.gamma),
      });
    case 'binary-labels':
      return buildBinaryLabelsLoss(graph, student, scope.labels(), labelled, emphasisOf(term));
    case 'binary-kd':
      return buildBinaryKdLoss(graph, student, teachers, scope.scheduled('temperature', term.temperature));
    case 'mse':
      return buildMse(graph, student, scope.labels(), labelled);
    case 'teacher-mse': {
      const bound = term.bounded && { labels: scope.labels(), margin: term.bounded.margin, labelled };
      return buildTeacherMse(graph, student, averageOutputs(graph, teachers), bound);
    }
    case 'hint':
      return buildHintLoss(graph, scope.regressed(), scope.feature('teacher', term), tokens);
    case 'cosine':
      return buildCosineLoss(graph, scope.compared(term), scope.feature('teacher', term), tokens);
    case 'channel-wise': {
      const temperature = scope.scheduled('temperature', term.temperature);
      return buildChannelWiseLoss(graph, scope.compared(term), scope.feature('teacher', term), temperature);
    }
    case 'contrastive': {
      const temperature = scope.scheduled('temperature', term.temperature);
      const teacher = scope.teacherDirections(term);
      return buildContrastiveLoss(graph, scope.regressed(), teacher, temperature, scope.queue(term.queue, teacher));
    }
    case 'queue-similarity': {
      const teacher = scope.teacherDirections(term);
      return buildQueueSimilarityLoss(graph, {
        projected: scope.regressed(),
        teacher,
        queue: scope.queue(term.queue, teacher),
        temperature: scope.scheduled('temperature', term.temperature),
        studentTemperature: scope.scheduled('studentTemperature', term.studentTemperature),
      });
    }
    case 'attention-transfer':
      return term.pairs
        .map((pair) =>
          buildAttentionTransfer(graph, scope.feature('student', pair), scope.feature('teacher', pair), term.power),
        )
        .reduce((sum, pair) => formula(graph).add(sum, pair));
    case 'rkd': {
      const { features } = term;
      return buildRkdLoss(
        graph,
        features ? scope.feature('student', features) : student,
        features ? scope.feature('teacher', features) : averageOutputs(graph, teachers),
        { distance: scope.scheduled('distance', term.distance), angle: scope.scheduled('angle', term.angle) },
      );
    }
  }
}

/** The distributions that the leaves of a soft decision tree are to hold. */
function softTreeTarget(graph: Graph, term: ObjectiveTerm, scope: TermScope): Value {
  const { loss } = term;
  if (loss === 'labels') return smoothLabels(graph, scope.labels(), term.smoothing);
  if (loss === 'hard-teacher-labels') return hardTarget(graph, scope.inputs.teachers).probabilities;
  if (loss === 'kd' || loss === 'soft-cross-entropy') {
    return scope.target(term.target, scope.softening(term)).probabilities;
  }
  throw new DistilleryError('INTERNAL', `A soft decision tree cannot learn from the loss '${loss}'.`);
}

/** Probabilities as they are. */
const plain: Softening = { temperature: 1, standardize: false };

/** The inputs as one term sees them. */
class TermScope {
  readonly inputs: ObjectiveInputs;
  /** What the term keeps from one step to the next. */
  readonly states: CarriedState[] = [];
  readonly #graph: Graph;
  readonly #name: string;
  readonly #regressor: string | undefined;

  constructor(graph: Graph, inputs: ObjectiveInputs, name: string, regressor: string | undefined) {
    this.#graph = graph;
    this.inputs = inputs;
    this.#name = name;
    this.#regressor = regressor;
  }

  /** A constant as it is, a schedule as the scalar that the host feeds. */
  scheduled(field: string, value: Scheduled): Operand {
    if (typeof value === 'number') return value;
    return reshape(this.#graph, this.inputs.scalars(scalarName(this.#name, field)), []);
  }

  softening(term: { readonly temperature: Scheduled; readonly standardize: boolean }): Softening {
    return { temperature: this.scheduled('temperature', term.temperature), standardize: term.standardize };
  }

  /** The distribution that the student is to imitate. */
  target(target: Target, softening: Softening): TargetDistribution {
    const { teachers, targets } = this.inputs;
    if (target === 'soft') return softTarget(this.#graph, teachers, softening);
    if (target === 'hard') return hardTarget(this.#graph, teachers);
    const logits = this.#present(targets?.get(targetName(target)), `the target '${targetName(target)}'`);
    return softTarget(this.#graph, [{ logits, weight: 1 }], softening);
  }

  labels(): Value {
    return this.#present(this.inputs.labels, 'labels');
  }

  feature(side: 'student' | 'teacher', pair: FeaturePair): Value {
    return this.#present(this.inputs.features.get(`${side}:${pair[side]}`), `the ${side}'s feature '${pair[side]}'`);
  }

  /** The student's feature, after the term's own regressor where it has one. */
  compared(term: FeaturePair & { readonly project?: boolean | undefined }): Value {
    return term.project === true ? this.regressed() : this.feature('student', term);
  }

  /** The teacher's feature of every sample as one vector of length 1 [B, D]. */
  teacherDirections(pair: FeaturePair): Value {
    return normalizeAlong(this.#graph, poolToVectors(this.#graph, this.feature('teacher', pair)), 1);
  }

  /** The queue of the teacher's features of earlier batches, behind which those of this one [B, D] come. */
  queue(entries: number, teacher: Value): FeatureQueue;
  queue(entries: number | undefined, teacher: Value): FeatureQueue | undefined;
  queue(entries: number | undefined, teacher: Value): FeatureQueue | undefined {
    if (entries === undefined) return undefined;
    const [, width = 0] = dimensionsOf(teacher);
    const name = `queue:${this.#name}`;
    const features = this.#graph.input(name, 'float32', [entries, width]);
    const queue = new FeatureQueue(this.#graph, features, this.#graph.input(`${name}.filled`, 'float32', [1]));
    this.states.push(...queue.pushed(teacher));
    return queue;
  }

  /** The student's feature after the term's own regressor. */
  regressed(): Value {
    return this.#present(this.inputs.features.get(`student:${this.#regressor ?? ''}`), 'its regressor');
  }

  #present(value: Value | undefined, what: string): Value {
    if (value) return value;
    throw new DistilleryError('INTERNAL', `The term '${this.#name}' needs ${what}, which it was not given.`);
  }
}
