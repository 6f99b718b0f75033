import type { Problem } from '../errors.ts';
import type { Graph } from '../onnx/graph.ts';

/** Operators of layers with weights of their own; normalisations, biases and slopes belong to the layer before them. */
const layerOperators: ReadonlySet<string> = new Set([
  ...['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Einsum'],
  ...['Gather', 'RNN', 'GRU', 'LSTM'],
]);

/**
 * The weights of the last layers of a network, in the order of its nodes: those of every node from the `count`-th last
 * convolution, dense, recurrent or embedding layer on. A weight that an earlier node reads as well is not among them.
 *
 * @param weights names of all weights that may be trained
 * @param problems gets one at `lastLayers` when the network has fewer layers; nothing is chosen then
 */
export function weightsOfLastLayers(
  graph: Graph,
  weights: readonly string[],
  count: number,
  problems: Problem[],
): ReadonlySet<string> {
  const names = new Set(weights);
  const layers = graph.nodes.flatMap(({ operator, domain, inputs }, index) =>
    domain === '' && layerOperators.has(operator) && inputs.some((input) => input && names.has(input.name))
      ? [index]
      : [],
  );
  const start = layers.at(-count);
  if (start === undefined) {
    problems.push({
      where: 'lastLayers',
      message: `The last ${count} layers are to be trained, but the model has only ${layers.length} with weights.`,
      hint: 'Choose a smaller number, or leave the field out to train all.',
    });
    return new Set();
  }
  const readBefore = new Set(graph.nodes.slice(0, start).flatMap(({ inputs }) => inputs.map((input) => input?.name)));
  return new Set(weights.filter((name) => !readBefore.has(name)));
}
