import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import type { OptimizerInputs } from './optimizer.ts';

/**
 * Decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101): apart from its gradient, a weight keeps
 * 1 − rate · weightDecay of itself at every step. The name of the scalar that carries this share; none without decay.
 */
export function decayScalars(weightDecay: number): readonly string[] {
  return weightDecay > 0 ? ['kept'] : [];
}

/** What the host feeds the scalar at a step. */
export function decayScalarsAt(weightDecay: number, learningRate: number): readonly number[] {
  return weightDecay > 0 ? [1 - learningRate * weightDecay] : [];
}

/** Adds what weight decay leaves of the parameters to the graph. @param kept undefined without decay */
export function buildDecay(
  graph: Graph,
  { parameters, decays }: Pick<OptimizerInputs, 'parameters' | 'decays'>,
  kept: Value | undefined,
): Value {
  return decays && kept ? graph.op('Mul', [parameters, kept]) : parameters;
}
