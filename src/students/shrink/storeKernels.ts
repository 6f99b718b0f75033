import { dropExpansions } from './dropExpansions.ts';
import { evaluateNode } from '../../onnx/evaluate/evaluate.ts';
import { copyGraph } from '../../onnx/copy.ts';
import { Graph } from '../../onnx/graph.ts';
import type { Node, Value } from '../../onnx/node.ts';
import { pruneGraph } from '../../onnx/prune.ts';
import { elementCount, type Tensor } from '../../onnx/tensor.ts';
import { numericShape } from '../../onnx/shapes/rule.ts';
import { parameterInputs } from '../trainableWeights.ts';
import { constantValues } from './constantValues.ts';

/** Most elements of all kernels that are computed here. */
const MOST_ELEMENTS = 2 ** 22;

/** Layers whose second input is their kernel or matrix. */
const PRODUCTS: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** A graph whose layers read stored weights, and which of these were computed. */
export interface StoredKernels {
  readonly graph: Graph;
  /** Names of the weights that were computed of others and are stored now. */
  readonly computed: readonly string[];
}

/**
 * The graph with the weights of layers stored where they are computed of other weights: by weight normalisation, standardisation, a spectral
 * norm, another shape. Channels can be cut from a stored weight alone. Expansions that nothing needs go (`dropExpansions`). A graph without any of
 * these comes back as it is.
 */
export function storeKernels(given: Graph): StoredKernels {
  const source = dropExpansions(given);
  const constants = constantValues(source);
  const found = new Map<string, Tensor>();
  let elements = 0;
  for (const node of source.nodes) {
    for (const input of computedKernels(source, node, constants)) {
      const size = elementCount(numericShape(input.shape) ?? []);
      elements += size;
      const tensor = elements > MOST_ELEMENTS ? undefined : computed(source, input, new Map());
      if (tensor) found.set(input.name, tensor);
    }
  }
  if (found.size === 0) return { graph: source, computed: [] };
  const target = new Graph();
  target.reserve(source.names);
  const inputs = source.inputs.map(({ name, type, shape }) => [name, target.input(name, type, shape)] as const);
  const stored = [...found].map(([name, tensor]) => [name, target.initializer(name, tensor)] as const);
  const bindings = new Map<string, Value>([...inputs, ...stored]);
  // Nothing changes its shape: what was found of open sizes when the file was read stays.
  const copies = copyGraph(target, source, {
    bindings,
    prefix: '',
    rewrite: ({ operator, domain, name, attributes, outputs }, read) => {
      if (outputs.some((output) => output && found.has(output.name))) {
        return outputs.map((output) => bindings.get(output?.name ?? ''));
      }
      const results = outputs.map((output) => output ?? { type: 'float32' as const, shape: [] });
      const names = outputs.map((output) => output?.name ?? '');
      return target.node(operator, read, { domain, name, attributes, outputs: names, results });
    },
  });
  for (const [name, tensor] of source.known) if (target.find(name)) target.known.set(name, tensor);
  for (const { name } of source.outputs) target.output(copies.get(name) ?? target.value(name));
  return { graph: pruneGraph(target), computed: [...found.keys()] };
}

/** What a value is that follows from initializers; undefined where it is computed by an operator that is not computed here. */
function computed(graph: Graph, value: Value, known: Map<string, Tensor | undefined>): Tensor | undefined {
  const { name } = value;
  if (known.has(name)) return known.get(name);
  const stored = graph.initializers.get(name) ?? graph.known.get(name);
  const node = stored ? undefined : graph.producer(value);
  const inputs = node?.inputs.map((input) => input && computed(graph, input, known));
  const tensor =
    stored ??
    (node && inputs && node.outputs.length === 1
      ? evaluateNode({ ...node, outputCount: 1 }, value, (index) => inputs[index], MOST_ELEMENTS)
      : undefined);
  known.set(name, tensor);
  return tensor;
}

/** Whether a value is computed of floats of the file that are more than a number. */
function readsWeights(graph: Graph, value: Value): boolean {
  const stored = graph.initializers.get(value.name);
  if (stored) return stored.type === 'float32' && stored.data.length > 1;
  const { inputs = [], operator } = graph.producer(value) ?? {};
  const read = operator === 'CastLike' || operator === 'Expand' ? inputs.slice(0, 1) : inputs;
  return read.some((input) => input && readsWeights(graph, input));
}

/** What a layer reads as its kernel, matrix or bias that is the same for all samples and no weight of the file. */
function computedKernels(graph: Graph, node: Node, constants: ReadonlySet<string>): Value[] {
  // What is computed of weights alone is no layer.
  const isLayer = node.outputs.every((output) => !output || !constants.has(output.name));
  const places = node.domain === '' && isLayer ? (parameterInputs[node.operator] ?? []) : [];
  return places.flatMap((place) => {
    const input = node.inputs[place];
    const source = input && graph.producer(input);
    if (!input || !source || input.type !== 'float32' || !constants.has(input.name)) return [];
    // A copy that only says that a bias is shared stays one.
    if (source.operator === 'Identity' && !(place === 1 && PRODUCTS.has(node.operator))) return [];
    // A bias of zeros that is made of one number is no weight.
    if (!readsWeights(graph, input)) return [];
    // What is only transposed is cut where it is stored.
    return source.operator === 'Transpose' && source.inputs[0] && graph.initializers.has(source.inputs[0].name)
      ? []
      : [input];
  });
}
