import { DistilleryError } from '../../errors.ts';
import { ints, type Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { elementCount, floatTensor, type Dimension, type FloatTensor, type Shape } from '../../onnx/tensor.ts';
import { featurePairsOf, type FeaturePair, type ObjectiveTerm } from '../objectiveTerm.ts';
import { describeShape, regressorProblem } from './featureShapes.ts';
import { poolToVectors } from './poolToVectors.ts';

/** A source of uniform numbers in [0, 1). */
export interface UniformNumbers {
  uniform(): number;
}

/** A learned map from a student's feature to a teacher's, which a term of the objective needs. */
export interface Regressor extends FeaturePair {
  /**
   * `regressor.0`, …: its value, which `ObjectiveInputs.features` holds as `student:regressor.0`; its weights begin
   * with this.
   */
  readonly name: string;
  /** Index of the term. */
  readonly term: number;
  /** `regressor` keeps the feature's positions (`appendRegressor`), `projection` makes vectors (`appendProjection`). */
  readonly kind: 'regressor' | 'projection';
}

/** The regressors that the terms of an objective need. */
export function regressorsOf(terms: readonly ObjectiveTerm[]): Regressor[] {
  return terms
    .flatMap((term, index) => {
      const isProjected = 'project' in term && term.project === true;
      const isVector = term.loss === 'contrastive' || term.loss === 'queue-similarity';
      if (term.loss !== 'hint' && !isVector && !isProjected) return [];
      const kind = isVector ? ('projection' as const) : ('regressor' as const);
      return featurePairsOf(term).map(({ pair }) => ({ ...pair, term: index, kind }));
    })
    .map((regressor, number) => ({ ...regressor, name: `regressor.${number}` }));
}

/**
 * Appends the regressor of a hint (FitNets, arXiv 1412.6550) to the student's graph: a 1×1 convolution for maps [B, C,
 * H, W], a linear map of the last axis for [B, D] and [B, L, H]. Its initializers are `<name>.weight` and
 * `<name>.bias`.
 *
 * @param feature the student's value
 * @param teacherShape of the teacher's feature
 * @param name of the resulting value, which has the teacher's shape but for the batch
 * @throws DistilleryError `BAD_INPUT` when the features differ in more than their channels
 */
export function appendRegressor(
  graph: Graph,
  feature: Value,
  teacherShape: Shape,
  name: string,
  random: UniformNumbers,
): Value {
  const problem = regressorProblem(feature.shape, teacherShape);
  if (problem) throw new DistilleryError('BAD_INPUT', `'${feature.name}': ${problem.message}`, { hint: problem.hint });
  const axis = feature.shape.length === 4 ? 1 : -1;
  const inputs = channelCount(feature.name, feature.shape, axis);
  const outputs = channelCount(name, teacherShape, axis);
  const bias = graph.initializer(`${name}.bias`, uniform(random, [outputs], inputs));
  if (axis === 1) {
    const weight = graph.initializer(`${name}.weight`, uniform(random, [outputs, inputs, 1, 1], inputs));
    return graph.op('Conv', [feature, weight, bias], { kernel_shape: ints([1, 1]) }, { outputs: [name] });
  }
  const weight = graph.initializer(`${name}.weight`, uniform(random, [inputs, outputs], inputs));
  return graph.op('Add', [graph.op('MatMul', [feature, weight]), bias], {}, { outputs: [name] });
}

/**
 * Appends the projection of a term that compares vectors to the student's graph: the feature, averaged over its positions if it
 * has any, times a matrix `<name>.weight`.
 *
 * @param feature the student's value: [B, D], [B, L, H] or [B, C, H, W]
 * @param teacherShape of the teacher's feature, in any of these forms
 * @param name of the resulting value [B, D of the teacher]
 */
export function appendProjection(
  graph: Graph,
  feature: Value,
  teacherShape: Shape,
  name: string,
  random: UniformNumbers,
): Value {
  const vectors = poolToVectors(graph, feature);
  const inputs = channelCount(feature.name, vectors.shape, -1);
  const outputs = channelCount(name, teacherShape, teacherShape.length === 4 ? 1 : -1);
  const weight = graph.initializer(`${name}.weight`, uniform(random, [inputs, outputs], inputs));
  return graph.op('MatMul', [vectors, weight], {}, { outputs: [name] });
}

function channelCount(name: string, shape: Shape, axis: number): number {
  const count: Dimension | undefined = shape.at(axis);
  if (typeof count === 'number') return count;
  throw new DistilleryError(
    'BAD_INPUT',
    `The feature '${name}' ${describeShape(shape)} has no fixed number of channels.`,
  );
}

/** Uniform in ±1/√inputs. */
function uniform(random: UniformNumbers, shape: readonly number[], inputs: number): FloatTensor {
  const bound = 1 / Math.sqrt(inputs);
  return floatTensor(
    Float32Array.from({ length: elementCount(shape) }, () => (random.uniform() * 2 - 1) * bound),
    shape,
  );
}
