import type { Graph } from '../../onnx/graph.ts';
import type { Value } from '../../onnx/node.ts';
import { filled, normal, type Random } from '../initialize.ts';

/** Deviation of the initial weights of BERT. */
export const BERT_DEVIATION = 0.02;

/** Appends a dense layer over the last axis: weights [inputs, units], as `MatMul` takes them, and a bias. */
export function appendLinear(
  graph: Graph,
  input: Value,
  { name, units }: { readonly name: string; readonly units: number },
  random: Random,
): Value {
  const shape = [Number(input.shape.at(-1)), units];
  const weight = graph.initializer(`${name}.weight`, normal(random, shape, BERT_DEVIATION));
  const bias = graph.initializer(`${name}.bias`, filled([units], 0));
  return graph.op('Add', [graph.op('MatMul', [input, weight], {}, { name }), bias]);
}
