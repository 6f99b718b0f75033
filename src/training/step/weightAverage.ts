import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';

/**
 * Adds nodes that move an exponential average of the weights towards the weights of this step: a' = a + rate · (p − a).
 * @param rate [1], from `averageRateAt`
 */
export function buildWeightAverage(graph: Graph, average: Value, weights: Value, rate: Value): Value {
  const difference = graph.op('Sub', [weights, average]);
  return graph.op('Add', [average, graph.op('Mul', [difference, rate])]);
}

/**
 * How far the average moves at a step: 1 − min(decay, (1 + step) / (10 + step)), so that the first weights, which are
 * random, are soon forgotten.
 * @param decay share of the average that remains after a step, 0…1
 * @param step counted from 1
 */
export function averageRateAt(decay: number, step: number): number {
  return 1 - Math.min(decay, (1 + step) / (10 + step));
}
