import type { Graph } from '../graph.ts';
import type { GraphProto, ModelProto, NodeProto, TensorProto } from '../onnx_pb.ts';
import { dimensionsOfProto, typeNameOf } from '../tensorProto.ts';
import { inputsWithoutWeights, integerWeights, weightsOf } from './cost.ts';

/** How many of a model's weights are stored in an element type, such as `int4`. */
export interface StoredWeights {
  readonly type: string;
  readonly count: number;
}

/** Domains whose operators have their weights in inputs that are known. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'com.microsoft']);

/** Inputs of layers of whole numbers that hold weights, by operator, beside `integerWeights`. */
const WHOLE_INPUTS: Readonly<Record<string, readonly number[]>> = {
  QLinearConv: [3, 8],
  QLinearMatMul: [3],
  QGemm: [3, 6],
  QLinearAdd: [0, 3],
  QLinearMul: [0, 3],
  QAttention: [1],
  DynamicQuantizeMatMul: [1],
  MatMulIntegerToFloat: [1],
  DynamicQuantizeLSTM: [1, 2],
  GatherBlockQuantized: [0],
};

/** Floats of such layers that are scales. */
const SCALES: Readonly<Record<string, readonly number[]>> = {
  QLinearConv: [1, 4, 6],
  QLinearMatMul: [1, 4, 6],
  QGemm: [1, 4, 7],
  QLinearAdd: [1, 4, 6],
  QLinearMul: [1, 4, 6],
  QAttention: [3, 4],
  DynamicQuantizeMatMul: [2],
  MatMulIntegerToFloat: [2, 3],
  DynamicQuantizeLSTM: [8, 10],
  GatherBlockQuantized: [2],
  MatMulNBits: [2],
};

const FLOATS: ReadonlySet<string> = new Set(['float32', 'float64', 'float16', 'bfloat16']);

/**
 * The weights of a model by the element type in which its file has them, the most frequent first.
 *
 * @param graph the imported model, whose weights are those that `weightsOf` counts; without it they are counted as the file has them, by the places
 *   where its nodes read them
 * @returns undefined where the model could not be imported and has operators whose weights are not known
 */
export function storedWeights({ graph: source }: ModelProto, graph?: Graph): readonly StoredWeights[] | undefined {
  if (!source) return undefined;
  const tensors = tensorsOf(source);
  const counts = new Map<string, number>();
  const add = (type: string, count: number): void => {
    counts.set(type, (counts.get(type) ?? 0) + count);
  };
  const packed = packedBits(source);
  if (graph) {
    for (const [name, count] of weightsOf(graph)) {
      const stored = tensors.get(name);
      const own = stored ? typeNameOf(stored.dataType) : (graph.find(name)?.type ?? 'float32');
      add(packed.get(name) ?? own, count);
    }
  } else {
    const found = placedWeights(source, tensors);
    if (!found) return undefined;
    for (const [name, count] of found) {
      const stored = tensors.get(name);
      if (stored) add(packed.get(name) ?? typeNameOf(stored.dataType), count);
    }
  }
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count);
}

/** Everything that a graph stores under a name, nested graphs included. */
function tensorsOf(
  { initializer, node }: GraphProto,
  found = new Map<string, TensorProto>(),
): Map<string, TensorProto> {
  for (const tensor of initializer) found.set(tensor.name, tensor);
  for (const { opType, output, attribute } of node) {
    for (const { name, t, g } of attribute) {
      if (t && opType === 'Constant' && name === 'value') found.set(output[0] ?? '', t);
      if (g) tensorsOf(g, found);
    }
  }
  return found;
}

/** The type of numbers of a few bits that lie in bytes, by the name of these. */
function packedBits(graph: GraphProto): ReadonlyMap<string, string> {
  const packed = nodesOf(graph).flatMap((node): [string, string][] => {
    const place = node.opType === 'MatMulNBits' ? 1 : node.opType === 'GatherBlockQuantized' ? 0 : undefined;
    const name = place === undefined ? undefined : node.input[place];
    const bits = bitsOf(node);
    return name === undefined || bits === 8 ? [] : [[name, `uint${bits}`]];
  });
  const bytes = tensorsOf(graph);
  return new Map(packed.filter(([name]) => typeNameOf(bytes.get(name)?.dataType ?? 0) === 'uint8'));
}

function bitsOf(node: NodeProto): number {
  return numberOf(node, 'bits', 4);
}

function numberOf({ attribute }: NodeProto, name: string, otherwise: number): number {
  return Number(attribute.find((each) => each.name === name)?.i ?? otherwise);
}

/** Elements of the tensors that nodes read where weights stand, by name; undefined where operators are not known. */
function placedWeights(
  graph: GraphProto,
  tensors: ReadonlyMap<string, TensorProto>,
): ReadonlyMap<string, number> | undefined {
  const found = new Map<string, number>();
  for (const node of nodesOf(graph)) {
    const { opType, domain, input } = node;
    if (!KNOWN_DOMAINS.has(domain)) return undefined;
    const none = [...(inputsWithoutWeights[opType] ?? []), ...(SCALES[opType] ?? [])];
    const whole = [...(WHOLE_INPUTS[opType] ?? []), integerWeights[opType] ?? -1];
    input.forEach((name, index) => {
      const tensor = tensors.get(name);
      if (!tensor || tensor.dims.length === 0) return;
      const isFloat = FLOATS.has(typeNameOf(tensor.dataType)) && !none.includes(index);
      if (isFloat || whole.includes(index)) found.set(name, elementsOf(tensor, node));
      if (opType === 'MatMulNBits' && index === 1) found.set(name, numberOf(node, 'K', 0) * numberOf(node, 'N', 0));
    });
  }
  return found;
}

/** How many weights a tensor holds; several lie in a byte of a table of few bits. */
function elementsOf(tensor: TensorProto, node: NodeProto): number {
  const count = dimensionsOfProto(tensor).reduce((product, size) => product * size, 1);
  const isPacked = node.opType === 'GatherBlockQuantized' && typeNameOf(tensor.dataType) === 'uint8';
  return isPacked ? count * (8 / bitsOf(node)) : count;
}

function nodesOf({ node }: GraphProto): NodeProto[] {
  return node.flatMap((each) => [each, ...each.attribute.flatMap(({ g }) => (g ? nodesOf(g) : []))]);
}
