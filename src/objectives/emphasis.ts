import { DistilleryError } from '../errors.ts';
import { formula } from '../autodiff/formula.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import type { ClassWeights } from './objectiveTerm.ts';
import { floatTensor } from '../onnx/tensor.ts';

/** Which samples and classes a loss on labels attends to. */
export interface Emphasis {
  /** γ of the focal loss (Lin et al., arXiv 1708.02002): what is believed rightly at probability p counts (1 − p)^γ; usually 2. */
  readonly focal: number;
  /** What each class counts. */
  readonly classWeights: readonly number[] | undefined;
}

/** All samples and classes count alike. */
export const NO_EMPHASIS: Emphasis = { focal: 0, classWeights: undefined };

/**
 * The emphasis of a term.
 * @throws DistilleryError `INTERNAL` when weights are still to be balanced, which pre-flight does
 */
export function emphasisOf({
  focal = 0,
  classWeights,
}: {
  readonly focal?: number | undefined;
  readonly classWeights?: ClassWeights | undefined;
}): Emphasis {
  if (classWeights === 'balanced') throw new DistilleryError('INTERNAL', 'The weights of the classes are not known.');
  return { focal, classWeights: typeof classWeights === 'object' ? classWeights.each : undefined };
}

/** Weights of classes as a value [C] of the graph. */
export function weightsOfClasses(graph: Graph, weights: readonly number[]): Value {
  return graph.constant(floatTensor(Float32Array.from(weights), [weights.length]));
}

/** (1 − p)^γ of log p, which stays exact where p is near 1; its gradient is finite where p is 1, for γ ≥ 1. */
export function focalFactor(graph: Graph, logProbability: Value, gamma: number): Value {
  const { sub, exp, mul, max } = formula(graph);
  const missing = max(sub(1, exp(logProbability)), 0);
  if (gamma === 1) return missing;
  if (gamma === 2) return mul(missing, missing);
  const { add, log } = formula(graph);
  return exp(mul(log(add(missing, 1e-12)), gamma));
}
