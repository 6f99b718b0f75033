import type { Graph } from '../onnx/graph.ts';
import type { Node, Value } from '../onnx/node.ts';
import type { GraphProto } from '../onnx/onnx_pb.ts';
import { weightsOf } from '../onnx/cost/cost.ts';
import { lostParameters, tensorKinds } from '../onnx/tensorKinds.ts';
import { dataTypeCode } from '../onnx/tensorProto.ts';
import { constantValues } from './shrink/constantValues.ts';

/** Inputs, by operator, that are parameters of a layer and nothing else. */
export const parameterInputs: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [1, 2],
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  Einsum: [0, 1, 2],
  Gather: [0],
  Gemm: [0, 1, 2],
  GroupNormalization: [1, 2],
  GRU: [1, 2, 3],
  InstanceNormalization: [1, 2],
  LayerNormalization: [1, 2],
  LSTM: [1, 2, 3, 7],
  MatMul: [0, 1],
  PRelu: [1],
  RMSNormalization: [1],
  RNN: [1, 2, 3],
  SimplifiedLayerNormalization: [1],
};

/**
 * Names of the weights of an imported graph that training may change, in the order of the graph. A float32 tensor of the
 * file is one when
 *
 * - a layer reads it as its kernel, matrix, table, bias, scale or slope, however small and wherever it is stored; or
 * - it is an initializer of one element that is added to what a stored matrix makes: the bias of a dense layer of one output; or
 * - it is an initializer (no `Constant` node) of more than one element that takes part in a computation with floats.
 *
 * Where the file says of its tensors which are parameters and which constants (`tensorKinds`), parameters are weights, constants are none, and of the
 * others those that a layer reads or that are called like a module's, and all where parameters are missing.
 *
 * What remains are constants of formulas: scalars, epsilons, bounds, factors, shapes, and all `Constant` nodes beside
 * layers, unless the file has no weights but in such nodes. Running statistics of batch normalisation are no weights either; they move with their layer. Nor are the ones and
 * zeros that only say "no scale and no shift" in a group normalisation that is written as an instance normalisation of
 * groups, whose scales come after it, nor the vectors that estimate a spectral norm.
 */
export function trainableWeights(graph: Graph, stored: GraphProto): string[] {
  const constants = new Set(stored.node.flatMap((node) => (node.opType === 'Constant' ? node.output : [])));
  const named = stored.initializer.filter(({ dataType, dims }) => dataType === FLOAT && dims.some((size) => size > 1n));
  // Some exporters know no initializers.
  const initializers = new Set(named.length > 0 ? stored.initializer.map(({ name }) => name) : constants);
  const parameters = new Set(
    graph.nodes.flatMap(({ operator, domain, inputs }) => {
      const positions = domain === '' ? (parameterInputs[operator] ?? []) : [];
      return positions.flatMap((index) => inputs[index]?.name ?? []);
    }),
  );
  const biases = new Set(graph.nodes.flatMap((node) => singleBias(graph, node)));
  const kinds = tensorKinds(stored);
  const standIns = new Set([...graph.nodes.flatMap((node) => standInsOf(graph, node)), ...normEstimates(graph)]);
  const counted = weightsOf(graph);
  // What PyTorch's exporter computes has names such as `slice_1`; those of modules have dots. A parameter that is gone is in what was computed.
  const isComputed = (name: string): boolean => !kinds.has(name) && !standIns.has(name) && !/\.\D/.test(name);
  const computed = [...parameters].filter((name) => initializers.has(name) && isComputed(name));
  const isComplete = (lostParameters(stored)?.length ?? Infinity) <= computed.length;
  return [...graph.initializers].flatMap(([name, { type, shape }]) => {
    if (type !== 'float32' || standIns.has(name)) return [];
    const kind = kinds.get(name);
    const elements = counted.get(name) ?? (kind === 'parameter' && shape.length === 0 ? 1 : undefined);
    if (elements === undefined) return [];
    if (kind !== undefined) return kind === 'parameter' ? [name] : [];
    const isParameter = parameters.has(name) && (initializers.has(name) || constants.has(name));
    const isNamed = !isComplete || !isComputed(name);
    const isLearned = elements > 1 || biases.has(name);
    return isParameter || (initializers.has(name) && isLearned && isNamed) ? [name] : [];
  });
}

const FLOAT = dataTypeCode('float32');

/** The bias of one element that is added to the product with a stored matrix of one column. */
function singleBias(graph: Graph, { operator, domain, inputs }: Node): string[] {
  if (operator !== 'Add' || domain !== '') return [];
  const isProduct = (value: Value | undefined): boolean => {
    const node = value && graph.producer(value);
    const matrix = node?.operator === 'MatMul' && node.domain === '' ? node.inputs[1] : undefined;
    return matrix?.shape.length === 2 && matrix.shape[1] === 1 && graph.initializers.has(matrix.name);
  };
  return inputs.flatMap((bias, index) =>
    bias?.shape.join() === '1' && graph.initializers.has(bias.name) && isProduct(inputs[1 - index]) ? [bias.name] : [],
  );
}

/** The vectors u and v of u · W v, the norm that a spectral normalisation divides a weight by: products of weights alone read them. */
function normEstimates(graph: Graph): string[] {
  const constants = constantValues(graph);
  const isConstant = (value: Value | undefined): boolean => value !== undefined && constants.has(value.name);
  return graph.nodes.flatMap(({ operator, domain, inputs, outputs }) => {
    if (operator !== 'MatMul' || domain !== '' || !outputs.every(isConstant)) return [];
    return inputs.flatMap((input) => {
      if (!input || input.shape.length !== 1) return [];
      const source = graph.producer(input);
      return (source?.operator === 'Identity' ? source.inputs[0]?.name : input.name) ?? [];
    });
  });
}

/** Scale and shift of an instance normalisation between two Reshapes that do nothing. */
function standInsOf(graph: Graph, { operator, domain, inputs, outputs }: Node): string[] {
  if (operator !== 'InstanceNormalization' || domain !== '') return [];
  const [data, scale, shift] = inputs;
  const [output] = outputs;
  const readers = graph.nodes.filter((node) => node.inputs.some((input) => input && input === output));
  const isBetween =
    data && graph.producer(data)?.operator === 'Reshape' && readers.every(({ operator: next }) => next === 'Reshape');
  const holds = (name: string | undefined, number: number): boolean =>
    graph.initializers.get(name ?? '')?.data.every((element) => element === number) === true;
  if (!isBetween || !scale || !shift || !holds(scale.name, 1) || !holds(shift.name, 0)) return [];
  return [scale.name, shift.name];
}
