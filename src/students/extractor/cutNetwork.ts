import { BadInputError } from '../../errors.ts';
import { int, type Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { importAnyBatch } from '../../onnx/importing/importAnyBatch.ts';
import type { ImportOptions } from '../../onnx/importing/importGraph.ts';
import type { ModelProto } from '../../onnx/onnx_pb.ts';
import { castSamples, wholeInputOf, type WholeInput } from '../../onnx/ownNumbers.ts';
import { pruneGraph } from '../../onnx/prune.ts';

/** The front of a network that was cut off at one of its values. */
export interface Front {
  /** Inputs as the network has them, but samples in place of whole numbers; one output, the features [batch, …]. */
  readonly graph: Graph;
  /** The same with its input of whole numbers, and what that takes of a sample; left out where it has none. */
  readonly whole?: { readonly graph: Graph; readonly input: WholeInput };
  /** Name of the value at which the network was cut. */
  readonly cut: string;
  /** Dimensions of the features of one sample: the value's, or of feature maps [C, H, W] the number of channels. */
  readonly featureShape: readonly number[];
}

/**
 * Cuts a network off at a value, to use what comes before as an extractor of features. Feature maps [B, C, H, W] are averaged
 * over their pixels by nodes at the end of the front.
 *
 * @param cut name of the value; by default what the last dense layer reads, or without one the last convolution: the penultimate features
 * @param options numbers for dimensions that the file leaves open
 * @throws BadInputError at `cut`, when there is no such value or it is no feature of single samples
 * @throws DistilleryError `UNSUPPORTED` or `BAD_FILE` when the model cannot be read
 */
export function cutNetwork(model: ModelProto, cut: string | undefined, options: ImportOptions = {}): Front {
  const graph = importAnyBatch(model, options);
  const value = cut === undefined ? penultimateValue(graph) : namedValue(graph, cut);
  checkFeature(graph, value);
  const features = value.shape.length === 4 ? poolMaps(graph, value) : value;
  graph.outputs.splice(0, graph.outputs.length, features);
  const stored = pruneGraph(graph);
  const input = wholeInputOf(model);
  return {
    graph: input ? castSamples(stored, input) : stored,
    ...(input && { whole: { graph: stored, input } }),
    cut: value.name,
    featureShape: features.shape.slice(1).map(Number),
  };
}

/** What the last dense layer reads; in a network of convolutions alone, what the last of them does. */
function penultimateValue(graph: Graph): Value {
  const last =
    graph.nodes.findLast((node) => isDense(graph, node)) ??
    graph.nodes.findLast(({ operator, domain }) => operator === 'Conv' && domain === '');
  const [read] = last?.inputs ?? [];
  const source = read && graph.producer(read);
  // What is rounded as it is read is a feature before it is.
  const value = source?.operator === 'DynamicQuantizeLinear' ? source.inputs[0] : read;
  if (value && graph.producer(value)) return value;
  throw noFeature(
    last
      ? 'The extractor has a single layer and nothing before it.'
      : 'The extractor has no dense layer or convolution that it could be cut before.',
    graph,
  );
}

const DENSE: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'MatMulInteger']);

function isDense(graph: Graph, { operator, domain, inputs }: Node): boolean {
  const [, matrix] = inputs;
  const isProduct = domain === '' && DENSE.has(operator);
  return isProduct && matrix !== undefined && isStored(graph, matrix);
}

/** A matrix of the file, as it is or in whole numbers with a scale. */
function isStored(graph: Graph, matrix: Value): boolean {
  const source = graph.producer(matrix);
  const stored =
    source?.operator === 'DequantizeLinear' || source?.operator === 'Transpose' ? source.inputs[0] : matrix;
  return stored !== undefined && graph.initializers.has(stored.name);
}

function namedValue(graph: Graph, name: string): Value {
  const value = graph.find(name);
  if (value && graph.producer(value)) return value;
  throw noFeature(`The extractor computes no value named '${name}'.`, graph);
}

/** Whether a value holds float32 of known size for every sample. */
function isFeature(graph: Graph, { type, shape }: Value): boolean {
  const [batch, ...sizes] = shape;
  return (
    type === 'float32' &&
    sizes.length > 0 &&
    graph.inputs.some((input) => input.shape[0] === batch) &&
    sizes.every((size, index) => typeof size === 'number' || (shape.length === 4 && index > 0))
  );
}

function checkFeature(graph: Graph, value: Value): void {
  if (isFeature(graph, value)) return;
  const { name, type, shape } = value;
  throw noFeature(
    `The extractor's value '${name}' (${type} [${shape.join(', ')}]) is no float32 feature of known size for every sample.`,
    graph,
  );
}

/** The mean of every channel: [B, C, H, W] becomes [B, C]. */
function poolMaps(graph: Graph, maps: Value): Value {
  return graph.op('Flatten', [graph.op('GlobalAveragePool', [maps])], { axis: int(1) });
}

/** Values that are named in a hint. */
const NAMED = 4;

function noFeature(message: string, graph: Graph): BadInputError {
  const values = graph.nodes.flatMap(({ outputs }) => outputs.flatMap((output) => output ?? []));
  const last = values.filter((value) => isFeature(graph, value)).slice(-NAMED);
  const named = last.map(({ name, shape }) => `'${name}' [${shape.slice(1).join(', ')}]`);
  const hint =
    last.length === 0
      ? 'Choose another model: it computes nothing that belongs to single samples.'
      : `Name the value to cut at; the last are ${named.join(', ')}, and \`distillery inspect\` lists all.`;
  return new BadInputError([{ where: 'cut', message, hint }]);
}
