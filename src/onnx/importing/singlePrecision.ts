import { clone } from '@bufbuild/protobuf';
import type { ModelFile } from '../file.ts';
import { decodeFloat16Array } from '../float16.ts';
import {
  ModelProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type TypeProto,
} from '../onnx_pb.ts';
import { floatTensor, toNumbers } from '../tensor.ts';
import { smallFloats, wideTensor } from './narrowNumbers.ts';
import { decodeBfloat16, dataTypeCode, decodeTensor, dimensionsOfProto, encodeTensor } from '../tensorProto.ts';

const float = dataTypeCode('float32');
const half = dataTypeCode('float16');
const double = dataTypeCode('float64');
/** The number of bfloat16 in the file format. */
const bfloat16 = 16;

/** Attributes that name the element type of an output. */
const typeAttributes = new Set(['to', 'dtype']);

/** The largest finite float32. */
const LARGEST = 3.4028234663852886e38;

/**
 * A model whose numbers of half precision (float16, bfloat16) are float32: weights, constants, inputs, outputs, casts, nested graphs. It
 * computes what the file computes without rounding in between, and can be trained. A file without any is returned as it is.
 */
export function widenHalves(file: ModelFile): ModelFile {
  const proto = inFloats(file.proto, new Set([half, bfloat16]));
  return proto === file.proto ? file : { ...file, proto, isChanged: true, isWidened: true };
}

/**
 * A model whose weights, or whose input or output, are of double precision (float64), as one of float32, in which it can be trained. Any
 * other, also one that computes some numbers in float64 in between, is returned as it is.
 */
export function narrowDoubles(model: ModelProto): ModelProto {
  const { graph } = model;
  const isDouble =
    graph?.initializer.some(({ dataType, dims }) => dataType === double && dims.some((size) => size > 1n)) === true ||
    [...(graph?.input ?? []), ...(graph?.output ?? [])].some(({ type }) => isOf(type, new Set([double])));
  return isDouble ? inFloats(model, new Set([double])) : model;
}

/**
 * A model whose weights are floats of 4 or 8 bits that a Cast widens, as one of float32, in which it can be trained. Any other is returned as
 * it is: those with a scale are left to `dequantize`.
 */
export function widenSmallFloats(model: ModelProto): ModelProto {
  return inFloats(model, new Set(smallFloats));
}

/** A model with float32 in place of some types; the model itself where it has none of them. */
function inFloats(model: ModelProto, types: ReadonlySet<number>): ModelProto {
  if (!model.graph || !graphHas(model.graph, types)) return model;
  const changed = clone(ModelProtoSchema, model);
  if (changed.graph) changeGraph(changed.graph, types);
  return changed;
}

function graphHas({ initializer, input, output, node }: GraphProto, types: ReadonlySet<number>): boolean {
  return (
    initializer.some(({ dataType }) => types.has(dataType)) ||
    [...input, ...output].some(({ type }) => isOf(type, types)) ||
    node.some((each) => nodeHas(each, types))
  );
}

function nodeHas({ attribute }: NodeProto, types: ReadonlySet<number>): boolean {
  return attribute.some(
    ({ name, i, t, g }) =>
      (typeAttributes.has(name) && types.has(Number(i))) ||
      (t !== undefined && types.has(t.dataType)) ||
      (g !== undefined && graphHas(g, types)),
  );
}

function changeGraph(graph: GraphProto, types: ReadonlySet<number>): void {
  graph.initializer = graph.initializer.map((tensor) => changedTensor(tensor, types));
  for (const { type } of [...graph.input, ...graph.output, ...graph.valueInfo]) {
    if (type?.value.case === 'tensorType' && isOf(type, types)) type.value.value.elemType = float;
  }
  for (const node of graph.node) changeNode(node, types);
}

function changeNode(node: NodeProto, types: ReadonlySet<number>): void {
  for (const attribute of node.attribute) {
    if (typeAttributes.has(attribute.name) && types.has(Number(attribute.i))) attribute.i = BigInt(float);
    if (attribute.t) attribute.t = changedTensor(attribute.t, types);
    if (attribute.g) changeGraph(attribute.g, types);
  }
}

function changedTensor(tensor: TensorProto, types: ReadonlySet<number>): TensorProto {
  if (!types.has(tensor.dataType)) return tensor;
  if (tensor.dataType === bfloat16) {
    return encodeTensor(tensor.name, floatTensor(decodeBfloat16(tensor), dimensionsOfProto(tensor)));
  }
  if (smallFloats.includes(tensor.dataType)) return encodeTensor(tensor.name, wideTensor(tensor));
  const decoded = decodeTensor(tensor);
  const numbers =
    decoded.data instanceof Uint16Array
      ? decodeFloat16Array(decoded.data)
      : // What is finite stays so, such as the number that masks an attention.
        Float32Array.from(toNumbers(decoded), (each) =>
          Number.isFinite(each) ? Math.min(LARGEST, Math.max(-LARGEST, each)) : each,
        );
  return encodeTensor(tensor.name, floatTensor(numbers, decoded.shape));
}

function isOf(type: TypeProto | undefined, types: ReadonlySet<number>): boolean {
  return type?.value.case === 'tensorType' && types.has(type.value.value.elemType);
}
