import { int, type Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/node.ts';
import { filled, heNormal, uniformFanIn, type Random } from './initialize.ts';
import { appendDropout } from './layers.ts';

/** Appends a dense layer `name` to `input` [batch, features]: weights [units, features] and a bias, as PyTorch stores them. */
export function appendDense(
  graph: Graph,
  input: Value,
  layer: { readonly name: string; readonly units: number; readonly last: boolean },
  random: Random,
): Value {
  const features = Number(input.shape[1]);
  const initial = layer.last ? uniformFanIn : heNormal;
  const weight = graph.initializer(`${layer.name}.weight`, initial(random, [layer.units, features], features));
  const bias = graph.initializer(`${layer.name}.bias`, filled([layer.units], 0));
  return graph.op('Gemm', [input, weight, bias], { transB: int(1) }, { name: layer.name });
}

export interface MlpOptions {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  /** Share of every hidden layer's outputs that is dropped in training; default 0. */
  readonly dropout?: number | undefined;
}

/**
 * Appends a multi-layer perceptron: flatten, then dense layers with ReLU and dropout between them.
 *
 * @param input [batch, …]
 * @returns [batch, outputs]
 */
export function appendMlp(graph: Graph, input: Value, options: MlpOptions, outputs: number, random: Random): Value {
  let value = graph.op('Flatten', [input], { axis: int(1) });
  options.hidden.forEach((units, index) => {
    const name = `dense${index + 1}`;
    const dense = appendDense(graph, value, { name, units, last: false }, random);
    value = graph.op('Relu', [dense], {}, { outputs: [`${name}.activation`] });
    value = appendDropout(graph, value, options.dropout, name);
  });
  return appendDense(graph, value, { name: 'output', units: outputs, last: true }, random);
}
