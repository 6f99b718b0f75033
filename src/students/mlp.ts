import { int, type Graph, type Value } from '../onnx/graph.ts';
import { filled, heNormal, uniformFanIn, type Random } from './initialize.ts';

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

/**
 * Appends a multi-layer perceptron: flatten, then dense layers with ReLU between them.
 *
 * @param input [batch, …]
 * @param hidden units of each hidden layer
 * @returns logits [batch, outputs]
 */
export function appendMlp(
  graph: Graph,
  input: Value,
  hidden: readonly number[],
  outputs: number,
  random: Random,
): Value {
  let value = graph.op('Flatten', [input], { axis: int(1) });
  hidden.forEach((units, index) => {
    value = graph.op('Relu', [appendDense(graph, value, { name: `dense${index + 1}`, units, last: false }, random)]);
  });
  return appendDense(graph, value, { name: 'output', units: outputs, last: true }, random);
}
